-- Question: how is the tenth version taken back?
-- In: service, task. Out: no service sends by rule; tasks made so stay.
drop policy task_by_rule on task;
drop function sent_by_rule(bigint);
alter table service drop column auto_send;
