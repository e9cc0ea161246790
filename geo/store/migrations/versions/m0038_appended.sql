-- Question: where do events go that one step writes by the ten thousand?
-- In: event. Out: event, not vacuumed for what is appended. A vacuum lists what room is left at the
--   end of each page, and the short events of a publication then go there, one or two a page: tens
--   of thousands of pages are read and written to the log as a whole. Nothing here is changed or
--   removed, so that a vacuum brings nothing else; against wraparound it is done as before.
-- Index used: none.
alter table event set (autovacuum_vacuum_insert_threshold = -1);
