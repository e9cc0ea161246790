-- Question: how far from the grid of an issue, or of a task of none, was a photo taken?
-- In: issue or task (the other null); lon, lat (degrees, WGS 84, or null). Out: has_grid, grid_m, in
--   metres; 0 inside or on the edge. The grid is that of the issue as it was when it came in, of a task
--   the one it is in now, where it is in one.
-- Index used: issue's key, task's key; area_code_history.
select
    a.geom is not null as has_grid,
    ST_Distance(
        a.geom::geography,
        ST_SetSRID(ST_MakePoint(cast(:lon as double precision), cast(:lat as double precision)), 4326)::geography
    ) as grid_m
from (
        select i.grid, i.grid_revision as revision
        from issue as i
        where i.id = cast(:issue as bigint)
        union all
        select t.area, null
        from task as t
        where t.id = cast(:task as bigint) and t.issue is null
    ) as subject
    left join area as a
        on a.net = 'grid' and a.code = subject.grid
        and case
            when subject.revision is null then a.valid_to is null
            else a.valid_from <= subject.revision and (a.valid_to is null or a.valid_to > subject.revision)
        end
