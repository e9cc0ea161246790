-- Question: how is the sixth version taken back?
-- In: duty. Out: the index is gone.
drop index duty_party;
