-- Question: what was before? In: issue, task. Out: without the indexes of migration 91.
-- Index used: none.
drop index issue_came, task_running, task_called, task_for_leaders;
