-- Question: which grid owns each of many points, at a revision or under a draft?
-- In: lons, lats (degrees, EPSG:4326), number (a revision of the net grid), plan (of that net) or
--   null. Out: code by position of the point, null where none; the rule of grid_of_point.sql.
-- Index used: area_grid_geom_now for what is in force, area_geom for what was; draft_area_geom.
-- Points are made first: under row-level security a box is sought by its index only where nothing
--   is reckoned in the same condition that might tell of a row.
with here as materialized (
    select n, ST_SetSRID(ST_MakePoint(lon, lat), 4326) as geom
    from unnest(cast(:lons as double precision[]), cast(:lats as double precision[]))
        with ordinality as p (lon, lat, n)
)
select owner.code
from here
    left join lateral (
        select o.code
        from (
            select a.code, a.special, a.geom
            from (
                select code, special, geom, path
                from area
                where net = 'grid' and valid_to is null and valid_from + 0 <= :number
                union all
                -- By neither net nor number: else each point reads the list of all grids beside
                -- the boxes it is in.
                select code, special, geom, path
                from area
                where net || '' = 'grid' and valid_from + 0 <= :number and valid_to > :number
                    and :number < (select number from net where name = 'grid')
            ) as a
            where cast(:plan as bigint) is null
                or a.special
                or not a.path @> array[(select scope from plan where id = :plan)]
            union all
            select d.code, d.special, d.geom from draft_area as d where d.plan = :plan
        ) as o
        where o.geom && here.geom and not ST_Relate(o.geom, here.geom, 'FF*FF****')
        order by o.special desc, o.code
        limit 1
    ) as owner on true
order by here.n
