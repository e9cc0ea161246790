-- Question: what do photos, reviews, deadlines by the table, errands and mediations need to remember?
-- In: issue, task, service, event. Out: the tables calendar, attachment and review; columns for
--   limits of a service, for who took and finished a task when, and for tasks that are of no issue;
--   what is confidential is read by its people alone, and counted for others by tasks_counted().
-- Index used: attachment_issue, review_task; task_yellow for the clock that tells of cards.
create table calendar (
    day date primary key,
    works boolean not null,
    name text not null default ''
);

alter table service
    add column needs_photo boolean not null default false,
    add column answer_days double precision,
    add column calendar text not null default 'working',
    add constraint service_answer_days_above_nothing check (
        answer_days > 0 and answer_days <= 3650
    ),
    add constraint service_calendar_known check (calendar in ('working', 'natural'));

alter table task
    add column taken_at timestamptz,
    add column finished_at timestamptz,
    add column self_closed boolean not null default false,
    add column ruled boolean not null default false,
    add column carded text not null default '',
    add column text text not null default '',
    add column confidential boolean not null default false,
    add column among text[] collate "C" not null default '{}',
    add constraint task_carded_known check (carded in ('', 'yellow', 'red')),
    add constraint task_confidential_alone check (issue is null or not confidential),
    add constraint task_mediation_confidential check (kind <> 'mediate' or confidential);
create index task_yellow on task (yellow_at)
    where state in ('sent', 'taken', 'returned') and carded <> 'red';
create index task_alone on task (kind, id) where issue is null;

create table attachment (
    id bigint generated always as identity primary key,
    issue bigint references issue,
    task bigint references task,
    stage text not null,
    sha256 text collate "C" not null,
    stored text collate "C" not null,
    kind text not null,
    size bigint not null,
    width integer not null,
    height integer not null,
    taken_at timestamptz,
    finding text not null,
    away_m double precision,
    path text[] collate "C" not null default '{}',
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint attachment_of_something check (issue is not null or task is not null),
    constraint attachment_stage_known check (stage in ('before', 'after', 'other')),
    constraint attachment_finding_known check (
        finding in ('inside', 'away', 'unplaced', 'no_grid')
    ),
    constraint attachment_away_finite check (away_m >= 0 and away_m < 'Infinity'),
    constraint attachment_digest check (sha256 ~ '^[0-9a-f]{64}$' and stored ~ '^[0-9a-f]{64}$')
);
create unique index attachment_issue on attachment (issue, sha256) where issue is not null;
create unique index attachment_task on attachment (task, sha256) where issue is null;

create table review (
    id bigint generated always as identity primary key,
    kind text not null,
    issue bigint references issue,
    task bigint references task,
    rater text collate "C" not null,
    ratee text collate "C" not null,
    solved boolean,
    satisfied boolean,
    response integer,
    quality integer,
    score double precision,
    text text not null default '',
    period text collate "C",
    path text[] collate "C" not null default '{}',
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint review_kind_known check (kind in ('call_back', 'whistle', 'support', 'assessment')),
    constraint review_about_something check ((task is null) = (period is not null)),
    constraint review_stars check (response between 1 and 5 and quality between 1 and 5),
    constraint review_score check (score between 0 and 100)
);
create unique index review_task on review (task, rater) where task is not null;
create unique index review_period on review (ratee, period, rater) where period is not null;
create index review_path on review using gin (path);

-- How many tasks that are of no issue there are within an area, by kind and state: everybody who
-- has a duty there may count them, whether or not one may read them.
create function tasks_counted(within text)
returns table (kind text, state text, tasks bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select t.kind, t.state, count(*)
    from task as t
    where t.issue is null
        and t.path @> array[within]
        and t.path && duty_codes()
    group by t.kind, t.state
    order by t.kind, t.state;
end;

revoke all on function tasks_counted(text) from public;
grant execute on function tasks_counted(text) to jingwei_app;

grant select on calendar to jingwei_app;
grant select, insert on attachment, review to jingwei_app;
alter table calendar enable row level security;
alter table attachment enable row level security;
alter table review enable row level security;

create policy calendar_read on calendar for select to jingwei_app
    using (acting_person() is not null);
create policy attachment_read on attachment for select to jingwei_app
    using (
        case when issue is null then exists (select from task as t where t.id = attachment.task)
        else exists (select from issue as i where i.id = attachment.issue) end
    );
create policy attachment_add on attachment for insert to jingwei_app
    with check (
        made_by = acting_person()
        and case when issue is null
            then exists (select from task as t where t.id = attachment.task)
        else exists (select from issue as i where i.id = attachment.issue) end
    );
create policy review_read on review for select to jingwei_app
    using (
        path && (select duty_codes())
        or made_by = acting_person()
        or ratee = any ((select acting_parties())::text[])
        or rater = any ((select acting_parties())::text[])
    );
create policy review_add on review for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (task is null or exists (select from task as t where t.id = review.task))
        and (
            path && (select duty_codes('{dispatcher,checker,approver}'))
            or rater = any ((select acting_parties())::text[])
        )
    );

-- Of what is confidential: its people, whoever wrote it down, and who leads over the place.
drop policy task_read on task;
create policy task_read on task for select to jingwei_app
    using (
        party = any ((select acting_parties())::text[])
        or made_by = acting_person()
        or among && (select acting_parties())
        or (not confidential and passed_on && (select acting_parties()))
        or (not confidential and path && (select duty_codes()))
        or (confidential and path && (select duty_codes('{approver}')))
    );
drop policy task_change on task;
create policy task_change on task for update to jingwei_app
    using (
        party = any ((select acting_parties())::text[])
        or made_by = acting_person()
        or (not confidential and path && (select duty_codes()))
        or (confidential and path && (select duty_codes('{approver}')))
    )
    with check (acting_person() is not null);

drop policy task_write on task;
create policy task_write on task for insert to jingwei_app
    with check (
        made_by = acting_person()
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

-- Whoever sees an issue or a task sees what happened to it, also people of a department elsewhere.
create policy event_of_visible on event for select to jingwei_app
    using (
        case
            when subject !~ '^[0-9]{1,18}$' then false
            when noun = 'issue' then exists (
                select from issue where issue.id = event.subject::bigint
            )
            when noun = 'task' then exists (
                select from task where task.id = event.subject::bigint
            )
            else false
        end
    );
