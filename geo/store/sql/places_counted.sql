-- Question: how many places of a kind lie in a box?
-- In: as in places_near.sql. Out: n. Index used: place_geom.
select count(*) as n
from place
where geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    and (cast(:kind as text) is null or kind = :kind)
