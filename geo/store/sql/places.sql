-- Question: which places are there, of a kind, in an area?
-- In: kind or null; scope (code of an area of the admin or grid net) or null.
-- Out: the columns of PLACES, geometries as well-known bytes; by kind and code.
-- Index used: place_geom within the area; area_code_now.
select
    p.kind, p.code, p.name, p.address, p.households, p.dwellings, p.people, p.floors, p.units,
    p.estate, p.grid, p.class,
    ST_AsBinary(p.footprint) as footprint, ST_AsBinary(p.geom) as geometry
from place as p
where (cast(:kind as text) is null or p.kind = :kind)
    and (
        cast(:scope as text) is null
        or p.id in (
            select inside.id
            from area as a join place as inside on a.geom && inside.geom
            where a.code = :scope and a.net in ('admin', 'grid') and a.valid_to is null
                and not ST_Relate(a.geom, inside.geom, 'FF*FF****')
        )
    )
order by p.kind, p.code
