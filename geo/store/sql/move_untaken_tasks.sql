-- Question: where do tasks go that nobody has taken, once the grids have changed?
-- In: pg_temp.touched. Out: task.area and path of the grid their issue lies in now, and the holder
--   of the same role there (the former one where nobody holds it); an event of each issue says so.
--   Issues stay as at intake.
-- Index used: task_area_sent; area_grid_geom_now; duty_area.
with waiting as materialized (
    select t.id, t.role, t.party, i.geom
    from task as t join issue as i on i.id = t.issue
    where t.net = 'grid'
        and t.state = 'sent'
        and t.area in (select old_code from pg_temp.touched)
),
owner as (
    select distinct on (w.id) w.id, w.role, w.party, a.code, a.path
    from area as a join waiting as w on a.geom && w.geom
    where a.net = 'grid' and a.valid_to is null and not ST_Relate(a.geom, w.geom, 'FF*FF****')
    order by w.id, a.special desc, a.code
),
holder as (
    select distinct on (o.id) o.id, d.party
    from owner as o
        join duty as d
            on d.area = o.code and d.role = o.role and d.service is null and d.valid_to is null
    order by o.id, d.lead desc, d.party
),
moved as (
    update task as t
    set area = owner.code,
        path = owner.path,
        party = coalesce(holder.party, owner.party),
        version = t.version + 1
    from owner left join holder on holder.id = owner.id
    where t.id = owner.id and t.area is distinct from owner.code
    returning t.id, t.issue, t.party, t.area, t.path
)
insert into event (noun, subject, name, detail, path, person)
select
    'issue', issue::text, 'move',
    jsonb_build_object(
        'area', area,
        'tasks', jsonb_build_object(id::text, jsonb_build_object('party', party))
    ),
    path, coalesce(acting_person(), '')
from moved
order by id
