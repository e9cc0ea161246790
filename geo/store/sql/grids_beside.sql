-- Question: which grids touch one, as they are now?
-- In: grid (code). Out: net, kind, code, name, parent, special, geometry (well-known bytes); itself
--   first, then whoever shares the longest border with it, those at a corner last by code.
-- Index used: area_grid_geom_now.
select a.net, a.kind, a.code, a.name, a.parent, a.special, ST_AsBinary(a.geom) as geometry
from area as own
    join area as a
        on a.net = 'grid' and a.valid_to is null
        and a.geom && own.geom and ST_Intersects(a.geom, own.geom)
where own.net = 'grid' and own.code = :grid and own.valid_to is null
order by
    a.code <> own.code,
    ST_Length(ST_Intersection(a.geom, own.geom)::geography) desc,
    a.code
