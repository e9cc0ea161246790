-- Question: which grids in force may own points within a box?
-- In: west, south, east, north (degrees, EPSG:4326). Out: code, special, geometry (well-known
--   bytes), in the order in which grids own points.
-- Index used: area_grid_geom_now.
select code, special, ST_AsBinary(geom) as geometry
from area
where net = 'grid' and valid_to is null
    and GeometryType(geom) in ('POLYGON', 'MULTIPOLYGON')
    and geom && ST_MakeEnvelope(
        cast(:west as double precision), cast(:south as double precision),
        cast(:east as double precision), cast(:north as double precision), 4326
    )
order by special desc, code
