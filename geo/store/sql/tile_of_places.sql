-- Question: which buildings does a tile show?
-- In: z, x, y; layer; named; most: only so many, the largest.
-- Out: one vector tile: footprints, or points of those that have none.
-- Index used: place_geom.
select ST_AsMVT(shown, :layer, 4096, 'geom')
from (
    select
        p.class, nullif(p.households, 0) as households,
        case when :named then p.code end as code,
        case when :named then nullif(p.name, '') end as name,
        ST_AsMVTGeom(ST_Transform(coalesce(p.footprint, p.geom), 3857), box.geom, 4096, 64) as geom
    from (
        select *
        from place
        where kind = 'building'
            and geom && ST_Expand(ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326), 0.001)
        order by ST_Area(footprint) desc nulls last, code
        limit :most
    ) as p, ST_TileEnvelope(:z, :x, :y) as box (geom)
    order by p.code
) as shown
