-- Question: how many different people reported what lies in each cell of a map, whatever its zoom?
-- In: issue. Out: heat_cell, now by source too, for cells of every zoom, with `again`: how many issues of a
--   cell come from somebody who is counted there already, one number for each of heat_kinds(); heat_change
--   with source and reporter; heat_kind(), which of these numbers tells somebody all; heat_again() and
--   heat_unfolded(), what of it is not added up yet.
-- Index used: issue_reporter, heat_cell's key.
-- Distinct people do not add up over cells, sources or areas, but what is counted again does: along a
-- curve that fills the cells of every level one after the other, an issue is counted again in a cell when
-- the one before it by the same person lies in that cell too (decision 31). Before and after a change the
-- issues of its reporter are looked up; no table keeps who they are once it is added up.
drop table heat_cell;
truncate heat_change;

alter table heat_change
    add column source text not null,
    add column reporter text collate "C";
create table heat_cell (
    level smallint not null,
    x integer not null,
    y integer not null,
    path text[] collate "C" not null,
    source text not null,
    issues integer not null,
    open integer not null,
    again integer[],
    primary key (level, x, y, path, source)
);
grant select on heat_cell to jingwei_app;
revoke select on heat_change from jingwei_app;
grant select (x, y, path, source, issues, open) on heat_change to jingwei_app;
alter table heat_cell enable row level security;
create policy heat_cell_read on heat_cell for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );

-- Among whom somebody is counted once: all issues, those of one area of the first or second level of a
-- path; of any source or one; of any state, open or closed.
create function heat_kinds() returns table (kind integer, depth integer, of_source boolean, state text)
language sql immutable parallel safe rows 18
begin atomic
    select row_number() over (order by s.state nulls first, o.of_source, d.depth)::integer, d.depth,
        o.of_source, s.state
    from generate_series(0, 2) as d (depth),
        (values (false), (true)) as o (of_source),
        (values (null), ('open'), ('closed')) as s (state);
end;

-- The place of a cell of level 18 along a curve that fills the cells of every level one after the other:
-- the bits of x and y in turns. In PL/pgSQL, as a query would be set up for each call.
create function place_on_curve(x bigint, y bigint) returns bigint
language plpgsql immutable strict parallel safe
as $$
begin
    x := (x | (x << 16)) & 281470681808895;
    y := (y | (y << 16)) & 281470681808895;
    x := (x | (x << 8)) & 71777214294589695;
    y := (y | (y << 8)) & 71777214294589695;
    x := (x | (x << 4)) & 1085102592571150095;
    y := (y | (y << 4)) & 1085102592571150095;
    x := (x | (x << 2)) & 3689348814741910323;
    y := (y | (y << 2)) & 3689348814741910323;
    x := (x | (x << 1)) & 6148914691236517205;
    y := (y | (y << 1)) & 6148914691236517205;
    return (x << 1) | y;
end
$$;

-- The finest level at which two places of the curve lie in one cell; 0 where there is no second one.
create function level_of_both(one bigint, other bigint) returns integer
language sql immutable parallel safe
return case when other is null then 0
    else 18 - (length(ltrim((one # other)::bit(36)::text, '0')) + 1) / 2 end;

create function heat_again(asked integer[])
returns table (
    kind integer, x integer, y integer, path text[], source text, both_level integer, issues bigint,
    places bigint
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with touched as (
        select distinct c.reporter from heat_change as c where c.reporter is not null
    ),
    after as materialized (
        select
            i.reporter, cell_x(i.geom, 18) as x, cell_y(i.geom, 18) as y,
            heat_path(i.path, i.subdistrict) as path, i.source, count(*) as issues,
            count(*) filter (where i.state <> 'closed') as open
        from touched as t join issue as i on i.reporter = t.reporter
        where i.geom is not null
        group by 1, 2, 3, 4, 5
    ),
    before as (
        select b.reporter, b.x, b.y, b.path, b.source, sum(b.issues) as issues, sum(b.open) as open
        from (
            select reporter, x, y, path, source, issues, open from after
            union all
            select c.reporter, c.x, c.y, c.path, c.source, -c.issues, -c.open
            from heat_change as c
            where c.reporter is not null
        ) as b
        group by 1, 2, 3, 4, 5
    ),
    told as materialized (
        select
            e.sign, e.reporter, e.x, e.y, e.path, e.source, e.issues, e.open,
            place_on_curve(e.x, e.y) as place
        from (
            select 1 as sign, reporter, x, y, path, source, issues, open from after
            union all
            select -1, reporter, x, y, path, source, issues, open from before
        ) as e
        where e.issues > 0
    ),
    counted as (
        select
            t.sign, t.reporter, k.kind, t.x, t.y, t.path, t.source, t.place,
            case k.state when 'open' then t.open when 'closed' then t.issues - t.open
                else t.issues end as issues,
            coalesce(t.path[k.depth], '') as area,
            case when k.of_source then t.source end as one_source
        from told as t, heat_kinds() as k
        where k.kind = any (asked)
    ),
    placed as (
        select
            c.sign, c.kind, c.x, c.y, c.path, c.source, c.issues, c.place,
            lag(c.place) over (
                partition by c.sign, c.reporter, c.kind, c.area, c.one_source
                order by c.place, c.path, c.source
            ) as before_it
        from counted as c
        where c.issues > 0
    ),
    repeated as (
        select
            p.sign, p.kind, p.x, p.y, p.path, p.source, p.issues,
            level_of_both(p.place, p.before_it) as both_level
        from placed as p
        where p.issues > 1 or p.before_it is not null
    )
    select
        r.kind, r.x, r.y, r.path, r.source, r.both_level, sum(r.sign * r.issues), sum(r.sign)
    from repeated as r
    group by 1, 2, 3, 4, 5, 6
    having sum(r.sign * r.issues) <> 0 or sum(r.sign) <> 0;
end;

-- Of one kind, what was counted again in cells of a level since they were last added up.
create function heat_unfolded(asked integer, level integer)
returns table (x integer, y integer, path text[], n bigint, source text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select
        a.x >> (18 - heat_unfolded.level), a.y >> (18 - heat_unfolded.level), a.path,
        sum(a.issues - case when a.both_level < heat_unfolded.level then a.places else 0 end)::bigint,
        a.source
    from heat_again(array[asked]) as a
    where asked is not null
        and (
            a.path && duty_codes()
            or (a.path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
        )
    group by 1, 2, 3, 5;
end;

-- The kind that tells the acting person how many people reported what lies in a scope (null: all that is
-- shown); null where none does: it must be one whole area of a level, not parts of several. Nor does any
-- while so much waits to be added up, after a file of issues, that to count the issues is quicker.
create function heat_kind(scope text, source text, state text) returns integer
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with paths as (
        select h.path from heat_cell as h where h.level = 6
        union
        select c.path from heat_change as c
    ),
    told as (
        select
            p.path,
            (
                p.path && duty_codes()
                or (p.path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
            ) and (heat_kind.scope is null or p.path @> array[heat_kind.scope]) as seen
        from paths as p
    ),
    areas as (
        select k.kind, k.depth, bool_or(t.seen) as some, bool_and(t.seen) as every
        from heat_kinds() as k, told as t
        where k.of_source = (heat_kind.source is not null)
            and k.state is not distinct from heat_kind.state
        group by k.kind, k.depth, coalesce(t.path[k.depth], '')
    )
    select a.kind
    from areas as a
    where a.some and (select count(*) from (select from heat_change limit 20001) as c) <= 20000
    group by a.kind, a.depth
    having count(*) = 1 and bool_and(a.every)
    order by a.depth desc
    limit 1;
end;

revoke all on function heat_again(integer[]), heat_unfolded(integer, integer), heat_kind(text, text, text)
    from public;
grant execute on function heat_unfolded(integer, integer), heat_kind(text, text, text) to jingwei_app;

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
    return null;
end
$$;

drop trigger issue_counted_again on issue;
create trigger issue_counted_again
    after update of state, geom, path, subdistrict, source, reporter on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or ST_AsBinary(old.geom) is distinct from ST_AsBinary(new.geom)
        or old.path is distinct from new.path
        or old.subdistrict is distinct from new.subdistrict
        or old.source is distinct from new.source
        or old.reporter is distinct from new.reporter
    )
    execute function count_issue_again();

insert into heat_change (x, y, path, source, reporter, issues, open)
select
    cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict), source, reporter,
    1, (state <> 'closed')::integer
from issue
where geom is not null;
