-- Question: how many wait in each queue, and how long have the oldest delivery, and what happened without
--   a seal on it, waited?
-- In: nothing. Out: queue, waiting, oldest_s (seconds; null where that is not asked of a queue).
-- Index used: issue_unclaimed; delivery_pending, delivery_failed; event_xact.
select
    'unclaimed' as queue, count(*) as waiting, null::double precision as oldest_s
from issue
where path = '{}' and state <> 'closed'
union all
select
    'outbox', count(*), coalesce(extract(epoch from now() - min(made_at)), 0)
from delivery
where state = 'pending'
union all
select 'outbox_dead', count(*), null
from delivery
where state = 'dead'
union all
select
    'seals', null,
    coalesce((
        select greatest(0, extract(epoch from now() - at)) from event
        where xact >= (select coalesce(max(until), 0) from seal)
        order by xact
        limit 1
    ), 0)
order by queue
