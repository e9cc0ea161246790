-- Question: which deliveries are in a state, or are hand-overs that nobody acknowledged for long?
-- In: state or null; hook (its name) or null; hours (hand-overs made so long ago and without a
--   reference) or null; limit. Out: the newest first, with hook, event and how it stands; whoever
--   may see a task but not the hook sees for whom it was handed over, not the hook's name.
-- Index used: delivery_failed, delivery_pending, delivery_unacknowledged.
select
    d.id, h.name as hook, coalesce(h.party, t.party) as party, d.state, d.attempts, d.status, d.said, d.reference,
    e.noun, e.subject, e.name as event, d.task, d.made_at, d.tried_at, d.next_at
from delivery as d
    left join hook as h on h.id = d.hook
    left join event as e on e.id = d.event
    left join task as t on t.id = d.task
where (cast(:state as text) is null or d.state = :state)
    and (cast(:hook as text) is null or h.name = :hook)
    and (
        cast(:hours as float8) is null
        or d.task is not null and d.state not in ('acknowledged', 'dropped')
        and d.made_at <= now() - make_interval(secs => 3600 * cast(:hours as float8))
    )
order by d.id desc
limit :limit
