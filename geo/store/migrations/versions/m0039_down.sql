-- Question: how is the thirty-ninth version taken back?
-- In: comment, presence. Out: neither.
-- Index used: none.
drop table presence;
drop table comment;
