-- Question: how do the orders of a rule become tasks and events of the issues of a batch?
-- In: pg_temp.arrived; pg_temp.staged_orders (sent, name of the event, told: the order as JSON; one
--   that the source closed has no tasks); pg_temp.staged_tasks
--   (sent, n, told: the task as JSON without its id, its names those of columns); columns in the
--   places named. A task is read once, however many issues share it. Run part by part.
-- Out: task rows in the grid their issue lies in; an event of each issue, as of one alone.
-- Index used: none; all are hashed.
create temporary table made on commit drop as
select
    nextval(pg_get_serial_sequence('task', 'id')) as task, a.issue, a.path, a.grid as area, a.sent,
    t.n
from pg_temp.arrived as a join pg_temp.staged_tasks as t on t.sent = a.sent
order by a.issue, t.n;

with work as materialized (
    select t.sent, t.n, {values}
    from pg_temp.staged_tasks as t
        cross join lateral json_populate_record(null::task, t.told::json) as r
)
insert into task (id, {columns}, issue, area, path, made_by)
overriding system value
select m.task, {works}, m.issue, m.area, m.path, coalesce(acting_person(), '')
from pg_temp.made as m join work as w on w.sent = m.sent and w.n = m.n
order by m.task;

-- Joined as text and read once: putting parsed parts together takes three times as long.
insert into event (noun, subject, name, detail, path, person)
select
    'issue', a.issue::text, o.name,
    (left(o.told, -1) || coalesce(', "tasks": {' || t.tasks || '}', '') || '}')::jsonb,
    a.path, coalesce(acting_person(), '')
from pg_temp.arrived as a
    join pg_temp.staged_orders as o on o.sent = a.sent
    left join (
        select
            m.issue,
            string_agg(format('"%1$s": {"id": %1$s, %2$s', m.task, substr(w.told, 2)), ', ') as tasks
        from pg_temp.made as m
            join pg_temp.staged_tasks as w on w.sent = m.sent and w.n = m.n
        group by m.issue
    ) as t on t.issue = a.issue
order by a.issue
