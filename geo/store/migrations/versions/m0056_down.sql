-- Question: how is the fifty-sixth version taken back?
-- In: heat_cell, heat_change, the functions of m0056_heat_people.sql. Out: those of m0023_heat.sql, filled anew.
-- Index used: none.
drop function heat_kind(text, text, text), heat_unfolded(integer, integer), heat_again(integer[]);
drop function level_of_both(bigint, bigint), place_on_curve(bigint, bigint), heat_kinds();
drop trigger issue_counted_again on issue;
drop table heat_cell;
truncate heat_change;
alter table heat_change drop column source, drop column reporter;
create table heat_cell (
    level smallint not null,
    x integer not null,
    y integer not null,
    path text[] collate "C" not null,
    issues integer not null,
    open integer not null,
    primary key (level, x, y, path)
);
grant select on heat_cell, heat_change to jingwei_app;
alter table heat_cell enable row level security;
create policy heat_cell_read on heat_cell for select to jingwei_app
    using (
        path && (select duty_codes())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );

create or replace function count_issues_in() returns trigger
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

create or replace function count_issues_out() returns trigger
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

create or replace function count_issue_again() returns trigger
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

create trigger issue_counted_again after update of state, geom, path, subdistrict on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or ST_AsBinary(old.geom) is distinct from ST_AsBinary(new.geom)
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
