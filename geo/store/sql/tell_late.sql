-- Question: where is nobody on the spot yet, though somebody had to be by now?
-- In: most (so many at once). Out: an event of each issue says so, once for a task and its time: late.
--   Whoever else looks at the same time sees others.
-- Index used: task_awaited; event_subject.
with awaited as (
    select t.id, t.issue, t.party, t.arrive_by, t.path
    from task as t
    where t.arrive_by <= now()
        and t.arrived_at is null
        and t.state in ('sent', 'taken', 'returned')
        and not exists (
            select from event as e
            where e.noun = 'issue' and e.subject = t.issue::text and e.name = 'late'
                and e.detail @> jsonb_build_object('task', t.id)
        )
    order by t.arrive_by, t.id
    limit :most
    for update of t skip locked
)
insert into event (noun, subject, name, detail, path, person)
select
    'issue', issue::text, 'late',
    jsonb_build_object('task', id, 'party', party, 'arrive_by', arrive_by), path,
    coalesce(acting_person(), '')
from awaited
order by id
