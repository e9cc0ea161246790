-- Question: which areas of a draft does a tile show?
-- In: z, x, y; plan, which the acting person may see; layer; named; most: only so many, the largest.
-- Out: one vector tile; borders as they are, which neighbours share. Index used: draft_area_geom.
select ST_AsMVT(shown, :layer, 4096, 'geom')
from (
    select
        d.code, 'grid' as kind, d.households,
        case when d.special then true end as special,
        case when :named then nullif(d.name, '') end as name,
        ST_AsMVTGeom(ST_Transform(d.geom, 3857), box.geom, 4096, 64) as geom
    from (
        select code, households, special, name, geom
        from draft_area
        where plan = :plan
            and geom && ST_Expand(
                ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326), 360.0 / 64 / (1 << :z)
            )
        order by ST_Area(geom) desc, code
        limit :most
    ) as d, ST_TileEnvelope(:z, :x, :y) as box (geom)
    order by d.code
) as shown
