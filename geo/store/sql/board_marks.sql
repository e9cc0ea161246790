-- Question: which issues of a board lie in a view, if they are few?
-- In: as board_cells.sql; limit.
-- Out: id, lon, lat, state, card; by number.
-- Index used: issue_geom, or as there.
select id, ST_X(geom) as lon, ST_Y(geom) as lat, state, card
from chosen
where geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
order by id
limit :limit
