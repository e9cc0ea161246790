-- Question: how do the orders of a rule become tasks and events of the issues of a batch?
-- In: pg_temp.arrived; pg_temp.staged_orders (id, told: the order as JSON); pg_temp.staged_tasks
--   (id, n, told: the task as JSON, its names those of columns), ids those in the batch; columns in
--   the place named. Run part by part.
-- Out: task rows in the grid their issue lies in; an event of each issue, as of one alone.
-- Index used: none; all are hashed.
create temporary table made on commit drop as
select
    nextval(pg_get_serial_sequence('task', 'id')) as task, a.issue, a.path, i.grid as area, t.n,
    t.told
from pg_temp.staged_tasks as t
    join pg_temp.arrived as a on a.id = t.id
    join issue as i on i.id = a.issue
order by a.issue, t.n;

insert into task (id, {columns}, issue, area, path, made_by)
overriding system value
select m.task, {values}, m.issue, m.area, m.path, coalesce(acting_person(), '')
from pg_temp.made as m
    cross join lateral json_populate_record(null::task, m.told::json) as r
order by m.task;

insert into event (noun, subject, name, detail, path, person)
select
    'issue', a.issue::text, 'send', o.told::jsonb || jsonb_build_object('tasks', m.tasks), a.path,
    coalesce(acting_person(), '')
from pg_temp.staged_orders as o
    join pg_temp.arrived as a on a.id = o.id
    join (
        select
            issue,
            jsonb_object_agg(task::text, told::jsonb || jsonb_build_object('id', task)) as tasks
        from pg_temp.made
        group by issue
    ) as m on m.issue = a.issue
order by a.issue
