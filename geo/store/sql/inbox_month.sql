-- Question: how soon did the acting person's parties take up and reach what they were sent since a moment?
-- In: since (an instant). Out: one row a task, passed on to a section or not: sent_at, taken_at, arrive_by
--   (of what called them to the spot), arrived_at.
-- Index used: task_party, task_passed_on.
select t.sent_at, t.taken_at, t.arrive_by, t.arrived_at
from task as t
where (
        t.party = any ((select acting_parties())::text[])
        or (t.passed_on <> '{}' and t.passed_on && (select acting_parties()))
    )
    and t.issue is not null
    and t.state not in ('drafted', 'withdrawn')
    and t.sent_at >= :since
