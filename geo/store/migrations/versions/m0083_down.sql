-- Question: what was before? In: the sequence of task. Out: only the insert takes a number.
-- Index used: none.
revoke usage on sequence task_id_seq from jingwei_app;
