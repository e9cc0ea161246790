-- Question: how are appeals, the index of those awaited and merged_root taken back?
-- In: task. Out: every task counts in the rates.
drop function merged_root(bigint);
drop index task_awaited;
alter table task
    drop constraint task_appealed_known,
    drop column appealed;
