-- Question: what is to be sent for a delivery, and where to?
-- In: delivery. Out: one row: the delivery, its hook, its event; of a hand-over the task and the
--   issue with its position in degrees, WGS 84. None: it waits no more, or its hook is gone.
-- Index used: primary keys.
select
    d.id, d.hook, d.event, d.task, d.attempts,
    h.name as hook_name, h.kind as hook_kind, h.url, h.party,
    extract(epoch from h.rests_until - clock_timestamp())::float8 as rests,
    e.noun, e.subject, e.name, e.detail, e.path, e.at,
    t.kind, t.due_at as task_due,
    i.source, i.reference, i.service, i.text, i.address, i.reported_at, i.due_at,
    ST_X(i.geom) as lon, ST_Y(i.geom) as lat
from delivery as d
    join hook as h on h.id = d.hook and h.removed_at is null
    join event as e on e.id = d.event
    left join task as t on t.id = d.task
    left join issue as i on i.id = t.issue
where d.id = :delivery and d.state = 'pending'
