-- Question: what are the issues of a board about that lie around some points, and where are they?
-- In: as board_chosen.sql, which stands before it; lons, lats (EPSG:4326), degrees (reach north and
--   south), wide (degrees of longitude for one of latitude).
-- Out: spot (its place in the list, from 1), lane, grid, subdistrict, service, n; the most first.
-- Index used: as there.
select
    cast(spot.place as integer) as spot,
    c.lane, c.grid, c.subdistrict, c.service, count(*) as n
from unnest(
        cast(:lons as float8[]), cast(:lats as float8[]), cast(:degrees as float8[])
    ) with ordinality as spot (lon, lat, reach, place)
    join chosen as c
        on abs(ST_Y(c.geom) - spot.lat) <= spot.reach
            and abs(ST_X(c.geom) - spot.lon) <= spot.reach * :wide
group by 1, 2, 3, 4, 5
order by 1, 6 desc, 2, 3, 4, 5
