-- Question: which areas of the city and its grids are called so?
-- In: words (letters of the name, or the beginning of a code); like: the same, % and _ quoted; kind
--   (or null: of every kind); most.
-- Out: kind, code, name, within (names above it, from the district down), west, south, east, north,
--   lon, lat (a place inside it); those called exactly so first, then the larger, then by code.
-- Index used: none of the name: 25,000 areas are looked through in some 20 ms.
with called as materialized (
    select a.id, a.kind, a.code, a.name, a.path, a.geom
    from area as a
    where a.net in ('admin', 'grid')
        and a.valid_to is null
        and (cast(:kind as text) is null or a.kind = :kind)
        and (a.name ilike '%' || :like || '%' or a.code like :like || '%')
    order by
        a.name <> :words and a.code <> :words, array_length(a.path, 1), length(a.name), a.code
    limit :most
)
select
    c.kind, c.code, c.name,
    array(
        select coalesce(nullif(u.name, ''), u.code)
        from unnest(c.path) with ordinality as above (code, n)
            join area as u on u.code = above.code and u.net = 'admin' and u.valid_to is null
        where above.n > 1 and above.code <> c.code
        order by above.n
    ) as within,
    ST_XMin(c.geom) as west, ST_YMin(c.geom) as south, ST_XMax(c.geom) as east,
    ST_YMax(c.geom) as north, ST_X(inner_point.geom) as lon, ST_Y(inner_point.geom) as lat
from called as c cross join lateral ST_PointOnSurface(c.geom) as inner_point (geom)
order by
    c.name <> :words and c.code <> :words, array_length(c.path, 1), length(c.name), c.code
