-- Question: how is the fifty-fifth version taken back?
-- In: net. Out: none.
-- Index used: none.
alter table net drop column title;
