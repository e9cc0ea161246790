-- Question: how is the seventy-fourth version taken back?
-- In: task, event. Out: the four indexes filled as any other; pages that are there stay as they are.
-- Index used: none.
alter index event_subject reset (fillfactor);
alter index task_yellow reset (fillfactor);
alter index task_issue reset (fillfactor);
alter index task_pkey reset (fillfactor);
