-- Question: how many issues of the areas that one has duties over lie in each cell, by service, state,
--   source, period?
-- In: as heat_counted.sql, its parameters without their names' colon; services: null for all. Out: the
--   same, but for issues that one sees by something else than a duty over their area.
-- Index used: issue_service, issue_reported, issue_geom, issue_path: whichever is asked for least.
-- Under row-level security each of a million issues is asked about, some microseconds each. The plan
-- is made anew each time, for what is null asks for nothing.
create function heat_over(
    level integer, x0 integer, y0 integer, x1 integer, y1 integer,
    west float8, south float8, east float8, north float8,
    reporters boolean, scope text, services text[], source text, state text,
    since timestamptz, until timestamptz
) returns table (x integer, y integer, n integer)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan
set enable_sort = off  -- some thousand cells of a million issues are hashed
as $$
#variable_conflict use_column
declare
    codes constant text[] := duty_codes();
    unclaimed constant boolean := cardinality(duty_codes('{dispatcher}')) > 0;
begin
    return query
    with seen as materialized (
        select
            cell_x(i.geom, heat_over.level) as column_, cell_y(i.geom, heat_over.level) as row_,
            case when heat_over.reporters then coalesce(i.reporter, '#' || i.id) end as who,
            count(*) as issues
        from issue as i
        where i.geom && ST_MakeEnvelope(
                heat_over.west, heat_over.south, heat_over.east, heat_over.north, 4326
            )
            and (i.path[1] = any (codes) or i.path && codes or (unclaimed and i.path = '{}'))
            and (
                heat_over.scope is null
                or (heat_over.scope = '' and i.path = '{}')
                or (heat_over.scope <> '' and i.path @> array[heat_over.scope])
            )
            and (heat_over.services is null or i.service = any (heat_over.services))
            and (heat_over.source is null or i.source = heat_over.source)
            and (
                heat_over.state is null
                or i.state = heat_over.state
                or (heat_over.state = 'open' and i.state <> 'closed')
            )
            and (
                heat_over.since is null
                or coalesce(i.reported_at, i.received_at) >= heat_over.since
            )
            and (
                heat_over.until is null
                or coalesce(i.reported_at, i.received_at) < heat_over.until
            )
        group by 1, 2, 3
    )
    select
        s.column_, s.row_,
        sum(case when heat_over.reporters then 1 else s.issues end)::integer
    from seen as s
    where s.column_ between heat_over.x0 and heat_over.x1
        and s.row_ between heat_over.y0 and heat_over.y1
    group by s.column_, s.row_;
end
$$;

revoke all on function heat_over from public;
grant execute on function heat_over to jingwei_app;

create index issue_service on issue (service, coalesce(reported_at, received_at));
