-- Question: which areas stand beside those of a revision that is being made?
-- In: pg_temp.touched with an index of its shapes, net, reach (degrees). Out: code, geometry
--   (well-known bytes), by code.
-- Index used: area_code_now; that of pg_temp.touched, so that no pair far apart is looked at.
select a.code, ST_AsBinary(a.geom) as geometry
from area as a
where a.net = :net and a.valid_to is null
    and a.id not in (select old from pg_temp.touched where old is not null)
    and exists (
        select from pg_temp.touched as t
        where t.geom && ST_Expand(a.geom, :reach) and ST_DWithin(t.geom, a.geom, :reach)
    )
order by a.code
