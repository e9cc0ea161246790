-- Question: how far does a point lie from an area of the admin net that is in force?
-- In: scope (code), lon, lat (degrees, EPSG:4326). Out: metres, 0 inside; no row: no such area.
-- Index used: area_code_history.
select ST_Distance(
    a.geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography
) as metres
from area as a
where a.net = 'admin' and a.code = :scope and a.valid_to is null
