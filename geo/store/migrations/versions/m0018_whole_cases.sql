-- Question: what does a step need to know and to end of an issue's tasks, whoever takes it; and who
--   reads the words of a confidential issue?
-- In: issue, task, duty, attachment, answer, event, delivery. Out: tasks_of_issue() (all of them, as
--   the rules count: a department sees its own alone), end_tasks() and place_tasks() (what follows
--   from the issue itself, on tasks that whoever acts may not see), acting_reads() (words of what is
--   confidential); what intake recorded cannot be written any more, nor a task moved to another
--   issue; the two policies of rulings rest on acting_rules().
-- Index used: task_issue; the keys of issue and task; delivery_settled for what is kept no longer.

-- For whoever decides a step, who sees the issue: locked, so that a publication cannot move one
-- meanwhile. It gives nothing to who acts: the store shows each its own.
create function tasks_of_issue(which bigint) returns setof task
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$ select * from task where issue = which order by id for update $$;

-- What is over has no open tasks.
create function end_tasks(which bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update task
    set state = 'withdrawn', held_at = null, version = version + 1
    where issue = which
        and state not in ('closed', 'withdrawn')
        and exists (select from issue where issue.id = which and issue.state = 'closed');
end;

-- Tasks that lie nowhere lie where their issue does, once it has been put on the map.
create function place_tasks(which bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update task
    set net = 'grid', area = issue.grid, path = issue.path
    from issue
    where issue.id = which and task.issue = which and task.path = '{}' and issue.path <> '{}';
end;

-- Its dispatchers, those it was sent to, and whoever wrote it down.
create function acting_reads(which bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select coalesce(
        (
            select not confidential
                or received_by = acting_person()
                or path && duty_codes('{dispatcher}')
                or acting_holds(id)
            from issue
            where id = which
        ),
        false
    );
end;

-- As the policy issue_read says it of many: a policy on task cannot ask issue, which asks task.
create function acting_sees(which bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select exists (
        select from issue as i
        where i.id = which
            and (
                i.path && duty_codes()
                or i.received_by = acting_person()
                or acting_holds(which)
                or exists (
                    select from task where issue = which and passed_on && acting_parties()
                )
                or (i.path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
            )
    );
end;

-- An approver of the place rules which department answers for a service there.
create function acting_rules(of_net text, of_area text, of_service text, as_role text)
returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select of_service is not null
        and as_role = 'department'
        and exists (
            select from area
            where code = of_area and net = of_net and valid_to is null
                and path && duty_codes('{approver}')
        );
end;

revoke all on function
    tasks_of_issue(bigint), end_tasks(bigint), place_tasks(bigint), acting_reads(bigint),
    acting_sees(bigint), acting_rules(text, text, text, text)
from public;
grant execute on function
    tasks_of_issue(bigint), end_tasks(bigint), place_tasks(bigint), acting_reads(bigint),
    acting_sees(bigint), acting_rules(text, text, text, text)
to jingwei_app;

drop policy duty_rule on duty;
create policy duty_rule on duty for insert to jingwei_app
    with check (acting_rules(net, area, service, role));
drop policy duty_overrule on duty;
create policy duty_overrule on duty for update to jingwei_app
    using (acting_rules(net, area, service, role));

-- Whoever sees an issue sees what happened to it (event_of_visible): this said no more.
drop policy event_held on event;

-- Photos and answers tell as much as words do.
drop policy attachment_read on attachment;
create policy attachment_read on attachment for select to jingwei_app
    using (
        case when issue is null then exists (select from task as t where t.id = attachment.task)
        else exists (select from issue as i where i.id = attachment.issue) and acting_reads(issue)
        end
    );
drop policy answer_read on answer;
create policy answer_read on answer for select to jingwei_app
    using (
        exists (select from issue where issue.id = answer.issue) and acting_reads(answer.issue)
    );

-- A task is of an issue that whoever makes it can see: to hold one is to see the issue.
drop policy task_write on task;
create policy task_write on task for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (issue is null or acting_sees(issue))
        and (
            path && (select duty_codes('{dispatcher}'))
            or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
            or (
                kind in ('whistle', 'joint')
                and (path && (select duty_codes()) or acting_holds(issue))
            )
            or (kind = 'inspect' and acting_holds(issue))
            or (issue is null and path && (select duty_codes()))
        )
    );

-- What intake recorded is not written again, and a task stays with its issue.
revoke update on issue, task from jingwei_app;
grant update (
    state, outcome, returns, ruled, merged_into, version,
    geom, given, located_by, located_as, located_score,
    grid, community, subdistrict, lane, path, grid_revision, admin_revision
) on issue to jingwei_app;
grant update (
    party, role, net, area, path, state, version, sent_at, due_at, yellow_at,
    asked, asked_days, review_on, extended, held_at, finished_by, result, passed_on,
    signed_by, arrive_by, arrived_at, away_m, provisional, taken_at, finished_at,
    self_closed, ruled, carded
) on task to jingwei_app;

create index delivery_settled on delivery ((coalesce(tried_at, made_at)))
    where state in ('delivered', 'acknowledged', 'dropped');
create index notice_read_at on notice_read (read_at);
