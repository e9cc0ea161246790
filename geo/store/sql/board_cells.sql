-- Question: where in a view are the issues of a board, counted in cells?
-- In: as board_chosen.sql, which stands before it; west, south, east,
--   north (EPSG:4326); across and down (size of a cell in degrees).
-- Out: lon, lat (the middle of them), n, reporters (how many different ones; who is not known
--   counts for one each); one row a cell, in order.
-- Index used: issue_geom, or as there.
select
    avg(ST_X(geom)) as lon,
    avg(ST_Y(geom)) as lat,
    count(*) as n,
    count(distinct coalesce(reporter, cast(id as text))) as reporters
from chosen
where geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
group by floor(ST_X(geom) / :across), floor(ST_Y(geom) / :down)
order by 1, 2
