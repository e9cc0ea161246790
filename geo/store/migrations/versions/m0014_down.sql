-- Question: how is the fourteenth version taken back?
-- In: nothing. Out: the function is gone.
drop function events_seen(text[], bigint[]);
