-- Question: which areas of the base map (roads, rail, water, green) touch an area?
-- In: scope (code of an area in force, of the admin or grid net).
-- Out: the columns of AREAS, geometry as well-known bytes; by code.
-- Index used: area_geom within the area; area_code_now.
select
    b.net, b.kind, b.code, b.name, b.parent, b.rule, b.special, b.class,
    ST_AsBinary(b.geom) as geometry
from area as a join area as b on ST_Intersects(a.geom, b.geom)
where a.code = :scope and a.net in ('admin', 'grid') and a.valid_to is null
    and b.net = 'base' and b.valid_to is null
order by b.code
