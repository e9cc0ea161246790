-- Question: how is the fifty-fourth version taken back?
-- In: task. Out: task_due, as of migration 5; full pages again.
-- Index used: none.
alter table task reset (fillfactor);
create index task_due on task (due_at) where state in ('sent', 'taken', 'returned');
