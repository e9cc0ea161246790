-- Question: how is the seventy-first version taken back?
-- In: issue. Out: no counts of days; the triggers of issue as of migration 56.
-- Index used: none.
drop function open_on_board;
drop index issue_open;
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

drop table day_count, day_change;
drop function city_day(timestamptz);
