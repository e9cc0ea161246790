-- Question: which tasks are open of an issue that is closed, as of 0067?
-- In: which (issue). Out: all of them are withdrawn.
-- Index used: task_issue.
create or replace function end_tasks(which bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update task
    set state = 'withdrawn', held_at = null, version = version + 1
    where issue = which
        and state not in ('closed', 'withdrawn')
        and exists (select from issue where issue.id = which and issue.state = 'closed');
end;
