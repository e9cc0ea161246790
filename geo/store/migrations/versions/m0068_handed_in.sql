-- Question: which tasks are open of an issue that is closed?
-- In: which (issue). Out: those handed in are closed, the others withdrawn; as geo.issues.decide ends
--   those that the acting person sees.
-- Index used: task_issue.
create or replace function end_tasks(which bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update task
    set state = case state when 'done' then 'closed' else 'withdrawn' end, held_at = null, version = version + 1
    where issue = which
        and state not in ('closed', 'withdrawn')
        and exists (select from issue where issue.id = which and issue.state = 'closed');
end;
revoke all on function end_tasks(bigint) from public;
grant execute on function end_tasks(bigint) to jingwei_app;
