-- Question: how is the thirty-sixth version taken back?
-- In: account, session. Out: neither; nobody is signed in any more.
-- Index used: none.
drop table session, account;
