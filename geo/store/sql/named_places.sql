-- Question: which places have an address or a name?
-- In: none. Out: kind, code, name, address, estate, lon, lat; by kind and code. Doors are too many,
--   and their buildings have their addresses.
-- Index used: place_code, for the order.
select p.kind, p.code, p.name, p.address, p.estate, ST_X(p.geom) as lon, ST_Y(p.geom) as lat
from place as p
where p.kind <> 'dwelling' and (p.address <> '' or p.name <> '')
order by p.kind, p.code
