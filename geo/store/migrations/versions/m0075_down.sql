-- Question: how is 0075 undone?
-- In: task, party. Out: no task_held, no party_parent.
-- Index used: none.
drop index party_parent;
drop index task_held;
