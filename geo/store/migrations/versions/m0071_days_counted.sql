-- Question: how many issues of an area came on each day of the city, how many of them are open?
-- In: issue. Out: day_count, by area (a subdistrict, or one above it; '' for those nobody owns), day and source;
--   day_change, what came and went since they were last added up (geo.store.shown.heat.fold);
--   open_on_board(), the open ones of a scope by state, card and source: what waits is few beside what was.
-- Index used: day_count's key; issue_open; task_issue.
-- Changes are appended, never counted in place: two intakes of a day would wait for each other.
create function city_day(at timestamptz) returns date
language sql immutable parallel safe
return (at at time zone 'Asia/Shanghai')::date;

create table day_change (
    day date not null,
    path text[] collate "C" not null,
    source text not null,
    issues integer not null,
    open integer not null
);
create table day_count (
    area text collate "C" not null,
    day date not null,
    source text not null,
    path text[] collate "C" not null,
    issues integer not null,
    open integer not null,
    primary key (area, day, source, path)
);

create or replace function count_issues_in() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, source, reporter, issues, open)
    select
        cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict), source, reporter,
        1, (state <> 'closed')::integer
    from came
    where geom is not null;
    insert into day_change (day, path, source, issues, open)
    select
        city_day(coalesce(reported_at, received_at)), heat_path(path, subdistrict), source,
        1, (state <> 'closed')::integer
    from came;
    return null;
end
$$;

create or replace function count_issues_out() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, source, reporter, issues, open)
    select
        cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict), source, reporter,
        -1, -(state <> 'closed')::integer
    from went
    where geom is not null;
    insert into day_change (day, path, source, issues, open)
    select
        city_day(coalesce(reported_at, received_at)), heat_path(path, subdistrict), source,
        -1, -(state <> 'closed')::integer
    from went;
    return null;
end
$$;

create or replace function count_issue_again() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, source, reporter, issues, open)
    select
        cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict), source, reporter,
        n, n * open
    from (
        values
            (
                old.geom, old.path, old.subdistrict, old.source, old.reporter, -1,
                (old.state <> 'closed')::integer
            ),
            (
                new.geom, new.path, new.subdistrict, new.source, new.reporter, 1,
                (new.state <> 'closed')::integer
            )
    ) as t (geom, path, subdistrict, source, reporter, n, open)
    where geom is not null;
    insert into day_change (day, path, source, issues, open)
    select
        city_day(at), heat_path(path, subdistrict), source, n, n * open
    from (
        values
            (
                coalesce(old.reported_at, old.received_at), old.path, old.subdistrict, old.source,
                -1, (old.state <> 'closed')::integer
            ),
            (
                coalesce(new.reported_at, new.received_at), new.path, new.subdistrict, new.source,
                1, (new.state <> 'closed')::integer
            )
    ) as t (at, path, subdistrict, source, n, open);
    return null;
end
$$;

drop trigger issue_counted_again on issue;
create trigger issue_counted_again
    after update of state, geom, path, subdistrict, source, reporter,
        reported_at, received_at on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or ST_AsBinary(old.geom) is distinct from ST_AsBinary(new.geom)
        or old.path is distinct from new.path
        or old.subdistrict is distinct from new.subdistrict
        or old.source is distinct from new.source
        or old.reporter is distinct from new.reporter
        or coalesce(old.reported_at, old.received_at)
            is distinct from coalesce(new.reported_at, new.received_at)
    )
    execute function count_issue_again();


grant select on day_count, day_change to jingwei_app;
alter table day_count enable row level security;
alter table day_change enable row level security;
create policy day_count_read on day_count for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
create policy day_change_read on day_change for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );

create index issue_open on issue (coalesce(reported_at, received_at)) where state <> 'closed';

-- As board_chosen.sql says it of each issue, but without asking of each who may see it.
create function open_on_board(
    scope text, source text, since timestamptz, until timestamptz,
    now timestamptz, warned_by timestamptz
) returns table (state text, card text, source_ text, is_owned boolean, n bigint)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    codes constant text[] := duty_codes();
    unclaimed constant boolean := cardinality(duty_codes('{dispatcher}')) > 0;
begin
    return query
    with seen as (
        select i.id, i.state, i.source, i.grid is not null as is_owned, i.due_at
        from issue as i
        where i.state <> 'closed'
            and (i.path && codes or (unclaimed and i.path = '{}'))
            and (
                open_on_board.scope is null
                or (open_on_board.scope = '' and i.path = '{}')
                or (open_on_board.scope <> '' and i.path @> array[open_on_board.scope])
            )
            and (open_on_board.source is null or i.source = open_on_board.source)
            and (
                open_on_board.since is null
                or coalesce(i.reported_at, i.received_at) >= open_on_board.since
            )
            and (
                open_on_board.until is null
                or coalesce(i.reported_at, i.received_at) < open_on_board.until
            )
    ),
    running as (
        select t.issue, min(t.due_at) as due_at, min(t.yellow_at) as yellow_at
        from task as t join seen as s on s.id = t.issue
        where t.lead and t.state in ('sent', 'taken', 'returned')
        group by t.issue
    ),
    carded as (
        select
            s.state, s.source, s.is_owned,
            case
                when s.state = 'held' then null
                when coalesce(r.due_at, s.due_at) < open_on_board.now then 'red'
                when coalesce(
                    r.yellow_at <= open_on_board.now,
                    coalesce(r.due_at, s.due_at) <= open_on_board.warned_by
                ) then 'yellow'
            end as card
        from seen as s left join running as r on r.issue = s.id
    )
    select c.state, c.card, c.source, c.is_owned, count(*)
    from carded as c
    group by 1, 2, 3, 4;
end
$$;
revoke all on function open_on_board from public;
grant execute on function open_on_board to jingwei_app;

insert into day_count (area, day, source, path, issues, open)
select
    coalesce(path[depth], ''), day, source, path[1:depth], sum(issues), sum(open)
from (
    select
        city_day(coalesce(reported_at, received_at)) as day, heat_path(path, subdistrict) as path,
        source, count(*) as issues, count(*) filter (where state <> 'closed') as open
    from issue
    group by 1, 2, 3
) as came
    cross join lateral generate_series(least(1, cardinality(path)), cardinality(path)) as depth
group by 1, 2, 3, 4;
