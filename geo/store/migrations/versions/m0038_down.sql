-- Question: how is the log of events vacuumed as any other table?
-- In: event. Out: event, vacuumed for what is appended to it.
-- Index used: none.
alter table event reset (autovacuum_vacuum_insert_threshold);
