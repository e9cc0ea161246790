-- Question: how is the forty-fourth version taken back?
-- In: pace. Out: none.
-- Index used: none.
drop table pace;
