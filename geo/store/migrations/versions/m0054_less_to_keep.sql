-- Question: which index of tasks does nobody ask, and where does a task's next version go?
-- In: task. Out: no task_due; room in each new page for the versions that a step or a move makes of
--   its rows, which would else go to other pages, each written whole to the log. Cards are told by
--   task_yellow, worklists choose by party and path and sort what they found; each task sent, moved or
--   put off had to be written into task_due all the same.
-- Index used: none.
drop index task_due;
alter table task set (fillfactor = 85);
