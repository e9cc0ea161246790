-- Question: which tasks have come near their due time, or over it, since one last looked?
-- In: most (so many at once). Out: each is marked, and an event of its issue (or of the task, where
--   it is of none) says so: due_soon or overdue. Whoever else looks at the same time sees others.
-- Index used: task_yellow. Of emergencies where nobody came in time: tell_late.sql.
with fallen as materialized (
    select id, case when due_at < now() then 'red' else 'yellow' end as card
    from task
    where state in ('sent', 'taken', 'returned')
        and yellow_at <= now()
        and carded <> 'red'
        and (carded = '' or due_at < now())
    order by yellow_at, id
    limit :most
    for update skip locked
),
marked as (
    update task as t
    set carded = f.card
    from fallen as f
    where t.id = f.id
    returning t.id, t.issue, t.party, t.due_at, t.path, t.confidential, f.card
)
insert into event (noun, subject, name, detail, path, person)
select
    case when issue is null then 'task' else 'issue' end,
    coalesce(issue, id)::text,
    case card when 'red' then 'overdue' else 'due_soon' end,
    jsonb_build_object('task', id, 'party', party, 'due_at', due_at),
    case when confidential then '{}' else path end,
    coalesce(acting_person(), '')
from marked
order by id
