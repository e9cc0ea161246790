-- Question: which places are there, of a kind, in an area?
-- In: kind or null; scope (code of an area of the admin or grid net, at their revisions `admin` and
--   `grid`, or of a draft `plan` or null) or null.
-- Out: the columns of PLACES, geometries as well-known bytes; by kind and code.
-- Index used: place_geom within the area; area_code.
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
            from (
                select geom
                from area
                where code = :scope
                    and net in ('admin', 'grid')
                    and valid_from <= case net when 'admin' then :admin else :grid end
                    and (
                        valid_to is null
                        or valid_to > case net when 'admin' then :admin else :grid end
                    )
                union all
                select geom from draft_area where plan = :plan and code = :scope
            ) as a
                join place as inside on a.geom && inside.geom
            where not ST_Relate(a.geom, inside.geom, 'FF*FF****')
        )
    )
order by p.kind, p.code
