-- Question: which areas of a net were in force at a revision?
-- In: net, number; kind and scope (code of an admin area) or null for all.
-- Out: the columns of AREAS, geometry as well-known bytes, valid_from, valid_to; by code.
-- Index used: area_code_history by net; area_path by scope.
select
    net, kind, code, name, parent, rule, special, class,
    ST_AsBinary(geom) as geometry, valid_from, valid_to
from area
where net = :net
    and valid_from <= :number
    and (valid_to is null or valid_to > :number)
    and (cast(:kind as text) is null or kind = :kind)
    and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
order by code
