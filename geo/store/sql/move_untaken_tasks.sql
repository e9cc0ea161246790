-- Question: where do tasks go that nobody has taken, once the grids have changed?
-- In: pg_temp.touched; pg_temp.shared (of duties_follow.sql: old, new, households, common).
-- Out: task.area and path of the grid their issue lies in now; of a task without a position whose
--   grid has ended, of the grid that most of its households went to, else of the community (net
--   admin); the holder of the same role there (the former one where nobody holds it); an event of
--   each issue, or of the task where it has none, says so. Issues stay as at intake.
-- Index used: task_area_sent; area_grid_geom_now; duty_area; the primary key of area.
with waiting as materialized (
    select t.id, t.role, t.party, t.area, touched.old, i.geom
    from task as t
        join pg_temp.touched on touched.old_code = t.area
        left join issue as i on i.id = t.issue
    where t.net = 'grid' and t.state = 'sent'
),
located as (
    select distinct on (w.id) w.id, a.net, a.code, a.path
    from area as a join waiting as w on a.geom && w.geom
    where a.net = 'grid' and a.valid_to is null and not ST_Relate(a.geom, w.geom, 'FF*FF****')
    order by w.id, a.special desc, a.code
),
lost as (
    select w.* from waiting as w
    where w.id not in (select id from located)
        and not exists (
            select from area as a
            where a.net = 'grid' and a.code = w.area and a.valid_to is null
        )
),
inherited as (
    select distinct on (lost.id) lost.id, a.net, a.code, a.path
    from lost
        join pg_temp.shared as s on s.old = lost.area
        join area as a on a.net = 'grid' and a.code = s.new and a.valid_to is null
    order by lost.id, s.households desc, s.common desc, s.new
),
raised as (
    select lost.id, a.net, a.code, a.path
    from lost
        join area as gone on gone.id = lost.old
        join area as a on a.net = 'admin' and a.code = gone.parent and a.valid_to is null
    where lost.id not in (select id from inherited)
),
owner as (
    select w.id, w.role, w.party, o.net, o.code, o.path
    from waiting as w
        join (
            select * from located union all select * from inherited union all select * from raised
        ) as o on o.id = w.id
),
holder as (
    select distinct on (o.id) o.id, d.party
    from owner as o
        join duty as d
            on d.net = o.net and d.area = o.code and d.role = o.role and d.service is null
            and d.valid_to is null
    order by o.id, d.lead desc, d.party
),
moved as (
    update task as t
    set net = owner.net,
        area = owner.code,
        path = owner.path,
        party = coalesce(holder.party, owner.party),
        version = t.version + 1
    from owner left join holder on holder.id = owner.id
    where t.id = owner.id and t.state = 'sent' and t.area is distinct from owner.code
    returning t.id, t.issue, t.party, t.area, t.path
)
insert into event (noun, subject, name, detail, path, person)
select
    case when issue is null then 'task' else 'issue' end, coalesce(issue, id)::text, 'move',
    jsonb_build_object(
        'area', area,
        'tasks', jsonb_build_object(id::text, jsonb_build_object('party', party))
    ),
    path, coalesce(acting_person(), '')
from moved
order by id
