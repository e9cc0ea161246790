-- Question: how many wait in each queue, and how long has the oldest delivery waited?
-- In: nothing. Out: queue, waiting, oldest_s (seconds; null where that is not asked of a queue).
-- Index used: issue_unclaimed; delivery_pending, delivery_failed.
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
order by queue
