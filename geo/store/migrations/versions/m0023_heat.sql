-- Question: how many issues lie in each cell of a map, whatever its zoom?
-- In: issue. Out: heat_cell, counts by cell, level and chain of areas down to the subdistrict;
--   heat_change, what came and went since they were last added up (geo.store.shown.heat.fold).
-- Index used: heat_cell's key by level, x and y.
-- A level is a zoom of web-mercator tiles: level 15 has 2^15 cells each way. Changes are appended,
-- never counted in place: two intakes in one street would wait for each other.

create function cell_x(at geometry, level integer) returns integer
language sql immutable parallel safe
return least(greatest(floor((ST_X(at) + 180) / 360 * (1::bigint << level)), 0),
    (1::bigint << level) - 1)::integer;

create function cell_y(at geometry, level integer) returns integer
language sql immutable parallel safe
return least(greatest(floor(
    (0.5 - asinh(tan(radians(least(greatest(ST_Y(at), -85.0511), 85.0511)))) / (2 * pi()))
    * (1::bigint << level)), 0), (1::bigint << level) - 1)::integer;

-- A person sees an issue by the areas of a duty; below the subdistrict issues are few, and counted.
create function heat_path(path text[], subdistrict text) returns text[]
language sql immutable parallel safe
return coalesce(path[1:array_position(path, subdistrict)], path);

create table heat_change (
    x integer not null,
    y integer not null,
    path text[] collate "C" not null,
    issues integer not null,
    open integer not null
);

create table heat_cell (
    level smallint not null,
    x integer not null,
    y integer not null,
    path text[] collate "C" not null,
    issues integer not null,
    open integer not null,
    primary key (level, x, y, path)
);

create function count_issues_in() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, issues, open)
    select
        cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict),
        1, (state <> 'closed')::integer
    from came
    where geom is not null;
    return null;
end
$$;

create function count_issues_out() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, issues, open)
    select
        cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict),
        -1, -(state <> 'closed')::integer
    from went
    where geom is not null;
    return null;
end
$$;

create function count_issue_again() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into heat_change (x, y, path, issues, open)
    select cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict), n, n * open
    from (
        values
            (old.geom, old.path, old.subdistrict, -1, (old.state <> 'closed')::integer),
            (new.geom, new.path, new.subdistrict, 1, (new.state <> 'closed')::integer)
    ) as t (geom, path, subdistrict, n, open)
    where geom is not null;
    return null;
end
$$;

revoke all on function count_issues_in(), count_issues_out(), count_issue_again() from public;

create trigger issue_counted_in after insert on issue
    referencing new table as came
    for each statement execute function count_issues_in();
create trigger issue_counted_out after delete on issue
    referencing old table as went
    for each statement execute function count_issues_out();
create trigger issue_counted_again after update of state, geom, path, subdistrict on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or old.geom is distinct from new.geom
        or old.path is distinct from new.path
        or old.subdistrict is distinct from new.subdistrict
    )
    execute function count_issue_again();

insert into heat_change (x, y, path, issues, open)
select
    cell_x(geom, 18), cell_y(geom, 18), heat_path(path, subdistrict),
    1, (state <> 'closed')::integer
from issue
where geom is not null;

create index issue_reported on issue (coalesce(reported_at, received_at));

grant select on heat_cell, heat_change to jingwei_app;
alter table heat_cell enable row level security;
alter table heat_change enable row level security;
create policy heat_cell_read on heat_cell for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
create policy heat_change_read on heat_change for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
