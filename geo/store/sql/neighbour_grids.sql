-- Question: which other grids may an issue lie in, its accuracy being what it is?
-- In: issue, times (of its accuracy), most (metres). Out: code, name, community, metres, the nearest
--   first; none where it has no position or no accuracy.
-- Index used: the primary key of issue; area_grid_geom_now.
with this as materialized (
    select
        i.geom, i.grid,
        least(i.accuracy_m * :times, :most) as reach,
        cos(radians(least(abs(ST_Y(i.geom)), 85))) as narrower
    from issue as i
    where i.id = :issue and i.geom is not null and i.accuracy_m > 0
)
select a.code, a.name, a.parent as community, ST_Distance(a.geom::geography, t.geom::geography) as metres
from this as t
    join area as a
        on a.geom && ST_Expand(t.geom, t.reach / 111000 / t.narrower, t.reach / 111000)
where a.net = 'grid' and a.valid_to is null and a.code is distinct from t.grid
    and ST_DWithin(a.geom::geography, t.geom::geography, t.reach)
order by metres, a.code
limit 12
