-- Question: where does each point of a table lie, now? The same rule as grid_of_point.sql.
-- In: pg_temp.located (id, geom with an index, metres: the same in metres, and the columns below,
--   empty), pg_temp.lane_metres (code, parent, geom in metres with an index). Run part by part.
-- Out: located.grid, community, subdistrict, lane, path.
-- Index used: a GiST on located.geom: areas outside, so that each is prepared for its points (12
--   times faster than the other way round); lane_metres by (parent) and GiST for the lanes.
with owner as (
    select distinct on (p.id) p.id, a.code, a.parent, a.path
    from area as a join pg_temp.located as p on a.geom && p.geom
    where a.net = 'grid' and a.valid_to is null and not ST_Relate(a.geom, p.geom, 'FF*FF****')
    order by p.id, a.special desc, a.code
)
update pg_temp.located as p
set grid = owner.code,
    path = owner.path,
    community = community.code,
    subdistrict = subdistrict.code
from owner
    left join area as community
        on community.net = 'admin' and community.kind = 'community'
        and community.code = owner.parent and community.valid_to is null
    left join area as subdistrict
        on subdistrict.net = 'admin' and subdistrict.kind = 'subdistrict'
        and subdistrict.code = community.parent and subdistrict.valid_to is null
where p.id = owner.id;

with owner as (
    select distinct on (p.id) p.id, a.code, a.parent, a.path
    from area as a join pg_temp.located as p on a.geom && p.geom
    where a.net = 'admin' and a.kind = 'community' and a.valid_to is null
        and p.community is null
        and not ST_Relate(a.geom, p.geom, 'FF*FF****')
    order by p.id, a.code
)
update pg_temp.located as p
set community = owner.code,
    path = case when p.path = '{}' then owner.path else p.path end,
    subdistrict = subdistrict.code
from owner
    left join area as subdistrict
        on subdistrict.net = 'admin' and subdistrict.kind = 'subdistrict'
        and subdistrict.code = owner.parent and subdistrict.valid_to is null
where p.id = owner.id;

with owner as (
    select distinct on (p.id) p.id, a.code, a.path
    from area as a join pg_temp.located as p on a.geom && p.geom
    where a.net = 'admin' and a.kind = 'subdistrict' and a.valid_to is null
        and p.subdistrict is null
        and not ST_Relate(a.geom, p.geom, 'FF*FF****')
    order by p.id, a.code
)
update pg_temp.located as p
set subdistrict = owner.code,
    path = case when p.path = '{}' then owner.path else p.path end
from owner
where p.id = owner.id;

update pg_temp.located as p
set lane = nearest.code,
    path = p.path || ('lane:' || nearest.code)
from pg_temp.located as q
    cross join lateral (
        select lane.code
        from (
            -- Of the nearest by the index, those within a millimetre of the first are a tie.
            select l.code, ST_Distance(l.geom, q.metres) as apart
            from pg_temp.lane_metres as l
            where l.parent = q.subdistrict
            order by l.geom <-> q.metres
            limit 8
        ) as lane
        order by round(lane.apart::numeric, 3), lane.code
        limit 1
    ) as nearest
where p.id = q.id and q.subdistrict in (select parent from pg_temp.lane_metres)
