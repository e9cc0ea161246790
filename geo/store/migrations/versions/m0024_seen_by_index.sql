-- Question: which issues, and events of them, does the acting person see; found by indexes?
-- In: issue, task, event. Out: acting_issues() (numbers of the issues whose tasks it holds or handed
--   on); the policies issue_read, issue_change, task_read, task_change and event_of_visible, which
--   say what they said. Each part of issue_read is one condition that an index answers, so that
--   whoever sees twelve of 300,000 issues has neither all of them nor all tasks looked through.
-- Index used: issue_path, issue_received_by, the key of issue; task_party and task_passed_on for the
--   list of numbers; the keys of issue and task, event by event.

-- Few people write down most issues; the planner must not take anybody for one of them.
alter table issue alter column received_by set (n_distinct = 1000);
create index issue_received_by on issue (received_by);
analyze issue;

create function acting_issues() returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select coalesce(array_agg(distinct issue), '{}')
    from (
        select issue from task
        where issue is not null and party = any ((select acting_parties())::text[])
        union all
        select issue from task
        where issue is not null and passed_on <> '{}' and passed_on && (select acting_parties())
    ) as held;
end;
revoke all on function acting_issues() from public;
grant execute on function acting_issues() to jingwei_app;

drop policy issue_read on issue;
create policy issue_read on issue for select to jingwei_app
    using (
        path && (select duty_codes())
        or received_by = (select acting_person())
        or path = (select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end)
        or id = any ((select acting_issues())::bigint[])
    );
-- One of a few that are written: asked one by one.
drop policy issue_change on issue;
create policy issue_change on issue for update to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
        or acting_holds(id)
    );

-- What costs least and says yes to most comes first.
drop policy task_read on task;
create policy task_read on task for select to jingwei_app
    using (
        (not confidential and path && (select duty_codes()))
        or made_by = (select acting_person())
        or party = any ((select acting_parties())::text[])
        or among && (select acting_parties())
        or (not confidential and passed_on && (select acting_parties()))
        or (confidential and path && (select duty_codes('{approver}')))
    );
drop policy task_change on task;
create policy task_change on task for update to jingwei_app
    using (
        (not confidential and path && (select duty_codes()))
        or made_by = (select acting_person())
        or party = any ((select acting_parties())::text[])
        or (confidential and path && (select duty_codes('{approver}')))
    )
    with check ((select acting_person()) is not null);

-- Looked up one by one: the planner would rather list all issues that somebody sees.
drop policy event_of_visible on event;
create policy event_of_visible on event for select to jingwei_app
    using (
        case
            when subject !~ '^[0-9]{1,18}$' then false
            when noun = 'issue' then (
                select true from issue where issue.id = event.subject::bigint limit 1
            )
            when noun = 'task' then (
                select true from task where task.id = event.subject::bigint limit 1
            )
            else false
        end
    );
