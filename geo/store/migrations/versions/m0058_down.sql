-- Question: how is the fifty-eighth version taken back?
-- In: import_batch. Out: as it is: words that were taken away are gone.
-- Index used: none.
select 1;
