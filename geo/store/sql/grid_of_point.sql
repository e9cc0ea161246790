-- Question: where does one point lie, now?
-- In: lon, lat (degrees, EPSG:4326; null: no position), metric_srid (for distances of lanes),
--   lane_metres (how far the nearest lane may be).
-- Out: one row: grid, community, subdistrict, lane (codes or null), path (codes from the top down,
--   then the lane; empty: nobody owns it), grid_revision, admin_revision.
-- Index used: area_grid_geom_now, area_admin_geom_now, area_code_now, area_parent.
-- `geo.store.net.territory` is the same rule for many points at once; a twin test holds them together.
-- ST_Relate asks GEOS, whose orientation test is exact. ST_Covers and ST_Intersects answer points
-- in polygons by PostGIS's own arithmetic, which loses points on sloped edges (1 in 100,000).
with here as materialized (
    select
        ST_SetSRID(
            ST_MakePoint(cast(:lon as double precision), cast(:lat as double precision)), 4326
        ) as geom
),
grid as materialized (
    select a.code, a.parent, a.path
    from here join area as a on a.geom && here.geom
    where a.net = 'grid' and a.valid_to is null
        and GeometryType(a.geom) in ('POLYGON', 'MULTIPOLYGON')
        and not ST_Relate(a.geom, here.geom, 'FF*FF****')
    order by a.special desc, a.code
    limit 1
),
own_community as materialized (
    select a.code, a.parent, a.path
    from grid join area as a on a.code = grid.parent
    where a.net = 'admin' and a.kind = 'community' and a.valid_to is null
        and GeometryType(a.geom) in ('POLYGON', 'MULTIPOLYGON')
),
community as materialized (
    select code, parent, path from own_community
    union all
    (
        select a.code, a.parent, a.path
        from here join area as a on a.geom && here.geom
        where a.net = 'admin' and a.kind = 'community' and a.valid_to is null
            and not exists (select from own_community)
            and GeometryType(a.geom) in ('POLYGON', 'MULTIPOLYGON')
            and not ST_Relate(a.geom, here.geom, 'FF*FF****')
        order by a.code
        limit 1
    )
),
own_subdistrict as materialized (
    select a.code, a.path
    from community join area as a on a.code = community.parent
    where a.net = 'admin' and a.kind = 'subdistrict' and a.valid_to is null
        and GeometryType(a.geom) in ('POLYGON', 'MULTIPOLYGON')
),
subdistrict as materialized (
    select code, path from own_subdistrict
    union all
    (
        select a.code, a.path
        from here join area as a on a.geom && here.geom
        where a.net = 'admin' and a.kind = 'subdistrict' and a.valid_to is null
            and not exists (select from own_subdistrict)
            and GeometryType(a.geom) in ('POLYGON', 'MULTIPOLYGON')
            and not ST_Relate(a.geom, here.geom, 'FF*FF****')
        order by a.code
        limit 1
    )
),
lane as materialized (
    select a.code
    from subdistrict join area as a on a.parent = subdistrict.code, here
        cross join lateral (
            select round(
                ST_Distance(
                    ST_Transform(a.geom, cast(:metric_srid as integer)),
                    ST_Transform(here.geom, cast(:metric_srid as integer))
                )::numeric,
                3
            ) as metres
        ) as apart
    where a.net = 'lane' and a.valid_to is null
        and apart.metres <= cast(:lane_metres as double precision)
    order by apart.metres, a.code
    limit 1
)
select
    grid.code as grid,
    community.code as community,
    subdistrict.code as subdistrict,
    lane.code as lane,
    case
        when grid.path @> coalesce(community.path, subdistrict.path, '{}') then grid.path
        else coalesce(community.path, subdistrict.path, '{}') || array_remove(array[grid.code], null)
    end || case when lane.code is null then '{}' else array['lane:' || lane.code] end as path,
    coalesce((select number from net where name = 'grid'), 0) as grid_revision,
    coalesce((select number from net where name = 'admin'), 0) as admin_revision
from here
    left join grid on true
    left join community on true
    left join subdistrict on true
    left join lane on true
