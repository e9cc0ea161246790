-- Question: which roads, rail, water and green does a tile show?
-- In: z, x, y; level; edition; layer; named; most: only so many, the longest.
-- Out: one vector tile, areas before lines. Index used: shape_geom_N of the level.
select ST_AsMVT(shown, :layer, 4096, 'geom')
from (
    select
        s.kind, s.class,
        case when :named then nullif(s.name, '') end as name,
        ST_AsMVTGeom(s.geom, box.geom, 4096, 64) as geom
    from (
        select *
        from shape
        where geom && ST_Expand(
                ST_TileEnvelope(:z, :x, :y), ST_XMax(ST_TileEnvelope(0, 0, 0)) / (32 << :z)
            )
            and level = :level
            and kind not in ('district', 'subdistrict', 'community', 'grid')
            and since <= :edition
            and (until is null or until > :edition)
        order by ST_Length(ST_BoundingDiagonal(geom)) desc, code
        limit :most
    ) as s, ST_TileEnvelope(:z, :x, :y) as box (geom)
    order by ST_Dimension(s.geom) desc, s.code
) as shown
