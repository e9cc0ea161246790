-- Question: what does a page tell of issues, in the words of today?
-- In: those of issues.sql, which stands in the place named. Out: id, told (what a page reads of one, as
--   JSON: names beside codes, moments in UTC), shape (its point as GeoJSON, or null), lon, lat, state,
--   grid, lane (codes), due_at (when its task is due, or else what the source said), yellow_at (when
--   its holder is warned, or null); in the order of issues.sql.
-- Index used: those of issues.sql; area_code_now, the keys of service and party.
with found as materialized (
    select
        row_number() over () as n, f.*, coalesce(f.task_due, f.due_at) as due,
        ST_GeomFromWKB(f.geometry, 4326) as at
    from ({issues}) as f
),
told as (
    select
        f.source, f.reference, f.reference as number, coalesce(s.name, f.service) as service,
        f.text, f.address,
        to_char(f.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as reported_at,
        to_char(f.due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as due_at,
        to_char(f.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as received_at,
        to_char(f.task_due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as task_due,
        to_char(f.task_yellow at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as task_yellow,
        f.accuracy_m, null as reporter, f.against, f.confidential, f.located_by, f.located_as,
        f.located_score, f.id, f.state, f.outcome, f.grid, f.community, f.subdistrict,
        coalesce(lane.name, f.lane) as lane,
        coalesce(grid.name, f.grid) as grid_name,
        coalesce(community.name, f.community) as community_name,
        coalesce(subdistrict.name, f.subdistrict) as subdistrict_name,
        f.grid_revision, f.admin_revision, f.task, f.task_state, f.task_area, f.party
    from found as f
        left join service as s on s.code = f.service
        left join area as grid
            on grid.net = 'grid' and grid.code = f.grid and grid.valid_to is null
        left join area as community
            on community.net = 'admin' and community.code = f.community
            and community.valid_to is null
        left join area as subdistrict
            on subdistrict.net = 'admin' and subdistrict.code = f.subdistrict
            and subdistrict.valid_to is null
        left join area as lane
            on lane.net = 'lane' and lane.code = f.lane and lane.valid_to is null
)
select
    f.id, to_json(told)::text as told, ST_AsGeoJSON(f.at, 7) as shape, ST_X(f.at) as lon,
    ST_Y(f.at) as lat, f.state, f.grid, f.lane, f.due as due_at, f.task_yellow as yellow_at
from found as f join told on told.id = f.id
order by f.n
