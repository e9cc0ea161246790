-- Question: which areas of a kind does a tile show?
-- In: z, x, y; kind, level; edition; layer, its name in the tile; named (with names).
-- Out: one vector tile. Index used: shape_geom_N of the level.
select ST_AsMVT(shown, :layer, 4096, 'geom')
from (
    select
        s.code, s.kind, s.class, s.households, s.low, s.high, s.grids, s.in_band,
        case when s.special then true end as special,
        case when :named then nullif(s.name, '') end as name,
        ST_AsMVTGeom(s.geom, box.geom, 4096, 64) as geom
    from shape as s, ST_TileEnvelope(:z, :x, :y) as box (geom)
    where s.geom && ST_Expand(
            ST_TileEnvelope(:z, :x, :y), ST_XMax(ST_TileEnvelope(0, 0, 0)) / (32 << :z)
        )
        and s.level = :level
        and s.kind = :kind
        and s.since <= :edition
        and (s.until is null or s.until > :edition)
    order by s.code
) as shown
