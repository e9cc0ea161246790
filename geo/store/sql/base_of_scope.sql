-- Question: which areas of the base map (roads, rail, water, green) touch an area?
-- In: scope (code of an area of the admin or grid net, at their revisions `admin` and `grid`, or of
--   a draft `plan` or null); base, the revision of the base net; most: only so many, the largest in
--   the area's box; null for all.
-- Out: the columns of AREAS, geometry as well-known bytes; by code.
-- Index used: area_geom within the area; area_code_history.
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
    cross join lateral (
        select *
        from area as c
        where c.geom && a.geom
            and c.net = 'base'
            and c.valid_from <= :base
            and (c.valid_to is null or c.valid_to > :base)
        order by ST_Length(ST_BoundingDiagonal(c.geom)) desc, c.code
        limit cast(:most as bigint)
    ) as b
where ST_Intersects(a.geom, b.geom)
order by b.code
