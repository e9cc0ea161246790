-- Question: which part of the map does an edition draw?
-- In: edition. Out: west, south, east, north in degrees; null where it draws nothing.
-- Index used: none; shapes of the coarsest level are few.
select ST_XMin(box) as west, ST_YMin(box) as south, ST_XMax(box) as east, ST_YMax(box) as north
from (
    select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 3857), 4326) as box
    from shape
    where since <= :edition
        and (until is null or until > :edition)
        and level in (8, 11)
        and kind in ('district', 'subdistrict', 'grid')
) as whole
