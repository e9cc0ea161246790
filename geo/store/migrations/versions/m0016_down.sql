-- Question: how is the sixteenth version taken back?
-- In: the function. Out: it is gone.
drop function merged_sources(bigint);
