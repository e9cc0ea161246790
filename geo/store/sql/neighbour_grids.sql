-- Question: which other grids may a point lie in, its position being off by so much?
-- In: lon, lat (degrees, EPSG:4326), grid (its own, or null), reach (metres). Out: code, name,
--   community, metres, the nearest first.
-- Index used: area_grid_geom_now.
with point as (
    select
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) as geom,
        cos(radians(least(abs(cast(:lat as double precision)), 85))) as narrower
),
here as materialized (
    select geom, ST_Expand(geom, :reach / 111000 / narrower, :reach / 111000) as box
    from point
)
select
    a.code, a.name, a.parent as community,
    ST_Distance(a.geom::geography, h.geom::geography) as metres
from here as h
    join area as a on a.geom && h.box
where a.net = 'grid' and a.valid_to is null
    and a.code is distinct from cast(:grid as text)
    and ST_DWithin(a.geom::geography, h.geom::geography, :reach)
order by metres, a.code
limit 12
