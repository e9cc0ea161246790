-- Question: which places are there, of a kind, of these?
-- In: kind or null; ids (of places) or null.
-- Out: the columns of PLACES, geometries as well-known bytes; by kind and code.
-- Index used: the primary key of place for ids, else place_code.
select
    p.kind, p.code, p.name, p.address, p.households, p.dwellings, p.people, p.floors, p.units,
    p.estate, p.grid, p.class,
    ST_AsBinary(p.footprint) as footprint, ST_AsBinary(p.geom) as geometry
from place as p
where (cast(:kind as text) is null or p.kind = :kind)
    and (cast(:ids as bigint[]) is null or p.id = any(cast(:ids as bigint[])))
order by p.kind, p.code
