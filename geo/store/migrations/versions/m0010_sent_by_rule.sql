-- Question: which issues are sent by rule, and who may make their tasks?
-- In: service, task. Out: service.auto_send; whoever hands in an issue of such a service may, in
--   the transaction that stores it, make the tasks that the rule gives it.
-- Index used: the keys of issue and service.
alter table service add column auto_send boolean not null default false;

-- Received by the acting person in this transaction, whose beginning is now().
create function sent_by_rule(which bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select exists (
        select from issue as i join service as s on s.code = i.service
        where i.id = which
            and i.received_by = acting_person()
            and i.received_at = now()
            and s.auto_send
    );
end;

revoke all on function sent_by_rule(bigint) from public;
grant execute on function sent_by_rule(bigint) to jingwei_app;

create policy task_by_rule on task for insert to jingwei_app
    with check (made_by = acting_person() and kind = 'handle' and sent_by_rule(issue));
