-- Question: how far from its grid of an issue, and from the issue itself, was a photo taken?
-- In: issue, lon, lat (degrees, WGS 84, or null). Out: has_grid, grid_m, in metres; 0 inside or on
--   the edge; the grid as it was when the issue came in.
-- Index used: issue's key; area_code_history.
select
    a.geom is not null as has_grid,
    ST_Distance(
        a.geom::geography,
        ST_SetSRID(ST_MakePoint(cast(:lon as double precision), cast(:lat as double precision)), 4326)::geography
    ) as grid_m
from issue as i
    left join area as a
        on a.net = 'grid' and a.code = i.grid
        and a.valid_from <= i.grid_revision
        and (a.valid_to is null or a.valid_to > i.grid_revision)
where i.id = :issue
