-- Question: which areas stand beside those of a revision that is being made?
-- In: pg_temp.touched, net, reach (degrees). Out: code, geometry (well-known bytes), by code.
-- Index used: area_grid_geom_now.
select distinct on (a.code) a.code, ST_AsBinary(a.geom) as geometry
from pg_temp.touched as t
    join area as a
        on a.geom && ST_Expand(t.geom, :reach) and ST_DWithin(a.geom, t.geom, :reach)
where a.net = :net and a.valid_to is null
    and not exists (select from pg_temp.touched as o where o.old = a.id)
order by a.code
