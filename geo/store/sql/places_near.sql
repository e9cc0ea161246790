-- Question: which places of a kind lie in a box, and how many live there?
-- In: kind or null; west, south, east, north (degrees, EPSG:4326).
-- Out: id, x, y, households, people, estate; by id. Index used: place_geom.
select id, ST_X(geom) as x, ST_Y(geom) as y, households, people, estate
from place
where geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    and (cast(:kind as text) is null or kind = :kind)
order by id
