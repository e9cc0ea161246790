-- Question: who numbers a task? In: the sequence of task. Out: whoever may make one takes a number
--   for it first: what an insert returns is for those alone who read the row.
-- Index used: none.
grant usage on sequence task_id_seq to jingwei_app;
