-- Question: what does handling an issue need to remember, and who belongs to whom?
-- In: issue, task, service, party. Out: columns for returns, rulings, clocks, requests and results;
--   acting_parties() (the acting person and the organisations it belongs to) and
--   acting_roles(path) (roles it holds over what a path leads to); a department's tasks are seen
--   and worked on by its people.
-- Index used: task_party; task_yellow and task_due for the worklists; party's key, upwards.
alter table issue
    add column returns integer not null default 0,
    add column ruled boolean not null default false,
    add column merged_into bigint references issue,
    add constraint issue_returns_counts check (returns >= 0),
    add constraint issue_not_into_itself check (merged_into <> id),
    add constraint issue_outcome_when_closed check ((state = 'closed') = (outcome is not null));
create index issue_merged_into on issue (merged_into) where merged_into is not null;

alter table task
    add column sent_at timestamptz,
    add column yellow_at timestamptz,
    add column asked text not null default '',
    add column asked_days double precision not null default 0,
    add column review_on date,
    add column extended double precision not null default 0,
    add column held_at timestamptz,
    add column finished_by text collate "C",
    add column result text not null default '',
    add column passed_on text[] collate "C" not null default '{}',
    add constraint task_asked_known check (asked in ('', 'extend', 'hold'));
update task set sent_at = made_at;
alter table task alter column sent_at set not null, alter column sent_at set default now();
create index task_passed_on on task using gin (passed_on) where passed_on <> '{}';
create index task_due on task (due_at) where state in ('sent', 'taken', 'returned');

alter table service add column self_close boolean not null default false;

create function acting_parties() returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive above as (
        select code, parent from party where code = acting_person()
        union
        select p.code, p.parent from party as p join above as a on p.code = a.parent
    )
    select coalesce(array_agg(code), '{}') from above;
end;

-- Over what lies in no area a role counts that is held anywhere.
create function acting_roles(over text[]) returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select coalesce(array_agg(distinct role), '{}')
    from duty
    where party = acting_person()
        and area is not null
        and valid_from <= current_date
        and (valid_to is null or valid_to > current_date)
        and (
            over = '{}'
            or case when coalesce(net, 'admin') in ('admin', 'grid') then area
                else net || ':' || area end = any (over)
        );
end;

revoke all on function acting_parties(), acting_roles(text[]) from public;
grant execute on function acting_parties(), acting_roles(text[]) to jingwei_app;

drop policy task_read on task;
create policy task_read on task for select to jingwei_app
    using (
        path && (select duty_codes())
        or party = any ((select acting_parties())::text[])
        or passed_on && (select acting_parties())
        or made_by = acting_person()
    );
-- Whoever may change a task may also hand it to others, and see then what becomes of it.
drop policy task_change on task;
create policy task_change on task for update to jingwei_app
    using (
        path && (select duty_codes())
        or party = any ((select acting_parties())::text[])
        or made_by = acting_person()
    )
    with check (acting_person() is not null);
drop policy issue_read on issue;
create policy issue_read on issue for select to jingwei_app
    using (
        path && (select duty_codes())
        or received_by = acting_person()
        or id in (select issue from task where party = any ((select acting_parties())::text[]))
        or id in (select issue from task where passed_on && (select acting_parties()))
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
drop policy issue_change on issue;
create policy issue_change on issue for update to jingwei_app
    using (
        path && (select duty_codes())
        or id in (select issue from task where party = any ((select acting_parties())::text[]))
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
