-- Question: where do tasks go that nobody has taken, once the grids have changed?
-- In: pg_temp.waiting (of waiting_tasks.sql); pg_temp.staged_located (id, code: the grid in force
--   that owns the position of a task's issue, or null); pg_temp.shared (of duties_follow.sql: old,
--   new, households, common).
-- Out: task.area and path of that grid; of a task without one whose grid has ended, of the grid
--   that most of its households went to, else of the community (net admin); the holder of the same
--   role there (the former one where nobody holds it); an event of each issue, or of the task where
--   it has none, says so; pg_temp.placed names its new version. Issues stay as at intake.
-- Index used: area_code_now; duty_area; the primary key of area; task is hashed where many move.
with astray as materialized (
    select w.id, w.role, w.area, w.old, l.code
    from pg_temp.waiting as w left join pg_temp.staged_located as l on l.id = w.id
    where w.area is distinct from l.code
),
lost as (
    select a.*
    from astray as a
        left join area as now
            on now.net = 'grid' and now.code = a.area and now.valid_to is null
    where a.code is null and now.code is null
),
inherited as (
    select distinct on (lost.id) lost.id, s.new as code
    from lost
        join pg_temp.shared as s on s.old = lost.area
        join area as a on a.net = 'grid' and a.code = s.new and a.valid_to is null
    order by lost.id, s.households desc, s.common desc, s.new
),
owner as materialized (
    select id, role, 'grid' as net, code from astray where code is not null
    union all
    select lost.id, lost.role, 'grid', i.code from lost join inherited as i on i.id = lost.id
    union all
    select lost.id, lost.role, 'admin', gone.parent
    from lost join area as gone on gone.id = lost.old
    where lost.id not in (select id from inherited)
),
place as materialized (
    select o.net, o.code, o.role, a.path, holder.party
    from (select distinct net, code, role from owner) as o
        join area as a on a.net = o.net and a.code = o.code and a.valid_to is null
        left join lateral (
            select d.party
            from duty as d
            where d.net = o.net and d.area = o.code and d.role = o.role and d.service is null
                and d.valid_to is null
            order by d.lead desc, d.party
            limit 1
        ) as holder on true
),
moved as (
    update task as t
    set net = p.net,
        area = p.code,
        path = p.path,
        party = coalesce(p.party, t.party),
        version = t.version + 1
    from (select * from owner order by id) as o  -- in the order of the table
        join place as p
            on p.net = o.net and p.code = o.code and p.role is not distinct from o.role
    where t.id = o.id and t.state = 'sent'
    returning t.id, t.version, t.issue, t.party, t.area, t.path
),
noted as (
    insert into pg_temp.placed (id, version) select id, version from moved
)
insert into event (noun, subject, name, detail, path, person)
select
    case when issue is null then 'task' else 'issue' end, coalesce(issue, id)::text, 'move',
    jsonb_build_object(
        'area', area,
        'tasks', jsonb_build_object(id::text, jsonb_build_object('party', party))
    ),
    path, coalesce((select acting_person()), '')
from moved
order by id
