-- Question: what has been done to a draft since it was last saved as a whole?
-- In: subject (the plan's number as text), anew (names of the events that begin it anew).
-- Out: id, name, detail; the oldest first.
-- Index used: event_subject.
select e.id, e.name, e.detail
from event as e
where e.noun = 'plan'
    and e.subject = :subject
    and e.name in ('edit', 'undo', 'redo', 'lock', 'unlock')
    and e.id > (
        select coalesce(max(b.id), 0)
        from event as b
        where b.noun = 'plan' and b.subject = :subject and b.name = any (:anew)
    )
order by e.id
