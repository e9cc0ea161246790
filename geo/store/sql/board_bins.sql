-- Question: where do issues of a board lie together, in a period and in the one before?
-- In: as board_chosen.sql, which stands before it, from the beginning of the period before; split (where
--   the second begins); across and down (size of a cell in degrees).
-- Out: lon, lat (the middle of them, EPSG:4326), n, before; one row a cell, in order.
-- Index used: as there.
select
    avg(ST_X(geom)) as lon,
    avg(ST_Y(geom)) as lat,
    count(*) filter (where at >= :split) as n,
    count(*) filter (where at < :split) as before
from chosen
where geom is not null
group by floor(ST_X(geom) / :across), floor(ST_Y(geom) / :down)
order by 1, 2
