-- Question: how is 0065 undone?
-- In: task. Out: no task_waiting.
-- Index used: none.
drop index task_waiting;
