-- Question: what has been said about places of a plan?
-- In: plan. Out: id, answers, lon, lat, grid and grid_name (of the draft as it is now, at the place),
--   text, person, at, settled_by, settled_at; a thread's first before its answers, threads by time.
-- Index used: comment_of_plan; draft_area by its key.
select
    c.id,
    c.answers,
    st_x(c.geom) as lon,
    st_y(c.geom) as lat,
    g.code as grid,
    g.name as grid_name,
    c.text,
    c.made_by as person,
    c.made_at as at,
    c.settled_by,
    c.settled_at
from comment as c
    left join lateral (
        select d.code, d.name
        from draft_area as d
        where d.plan = c.plan and st_covers(d.geom, c.geom)
        order by d.special desc, d.code collate "C"
        limit 1
    ) as g on true
where c.plan = :plan
order by coalesce(c.answers, c.id), c.id
