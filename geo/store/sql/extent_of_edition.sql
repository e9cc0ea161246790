-- Question: which part of the map does an edition draw?
-- In: edition. Out: west, south, east, north in degrees; null where it draws nothing.
-- Index used: shape_geom_8, shape_geom_11, whole: a level at a time, so that their rows alone are read.
select ST_XMin(box) as west, ST_YMin(box) as south, ST_XMax(box) as east, ST_YMax(box) as north
from (
    select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 3857), 4326) as box
    from (
        select geom
        from shape
        where level = 8
            and kind in ('district', 'subdistrict')
            and since <= :edition
            and (until is null or until > :edition)
        union all
        select geom
        from shape
        where level = 11
            and kind = 'grid'
            and since <= :edition
            and (until is null or until > :edition)
    ) as drawn
) as whole
