-- Question: which tasks that nobody has taken are in grids that are about to change or have changed?
-- In: pg_temp.touched; pg_temp.placed (id, version: tasks that were looked at, as they were left).
-- Out: pg_temp.waiting (id, version, role, area, of the task; old: id of the area's row; x, y: where
--   its issue lies, degrees, EPSG:4326, null where nowhere).
-- Index used: task_area_sent; the primary key of issue.
create temporary table waiting on commit drop as
select t.id, t.version, t.role, t.area, t.old, ST_X(i.geom) as x, ST_Y(i.geom) as y
from (
        select task.id, task.version, task.role, task.area, task.issue, touched.old
        from task join pg_temp.touched on touched.old_code = task.area
        where task.net = 'grid' and task.state = 'sent'
            and not exists (
                select from pg_temp.placed as p
                where p.id = task.id and p.version = task.version
            )
        order by task.issue  -- what lies together is read together
    ) as t
    -- One by one: else all issues that somebody may see are read for some of them.
    left join lateral (select geom from issue where id = t.issue limit 1) as i on true
