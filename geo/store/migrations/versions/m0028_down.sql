-- Question: how is the twenty-eighth version taken back?
-- In: task. Out: no place, nothing found.
-- Index used: none.
alter table task drop column place, drop column found;
