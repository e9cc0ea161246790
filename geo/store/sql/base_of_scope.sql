-- Question: which areas of the base map (roads, rail, water, green) touch an area?
-- In: scope (code of an area of the admin or grid net, at their revisions `admin` and `grid`, or of
--   a draft `plan` or null); base, the revision of the base net.
-- Out: the columns of AREAS, geometry as well-known bytes; by code.
-- Index used: area_geom within the area; area_code.
select distinct on (b.code)
    b.net, b.kind, b.code, b.name, b.parent, b.rule, b.special, b.class,
    ST_AsBinary(b.geom) as geometry
from (
    select geom
    from area
    where code = :scope
        and net in ('admin', 'grid')
        and valid_from <= case net when 'admin' then :admin else :grid end
        and (valid_to is null or valid_to > case net when 'admin' then :admin else :grid end)
    union all
    select geom from draft_area where plan = :plan and code = :scope
) as a
    join area as b on ST_Intersects(a.geom, b.geom)
where b.net = 'base'
    and b.valid_from <= :base
    and (b.valid_to is null or b.valid_to > :base)
order by b.code
