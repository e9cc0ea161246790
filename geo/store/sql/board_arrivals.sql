-- Question: how soon were departments on the spot that were whistled for, by day of the city?
-- In: scope (code of an area, null for all one may see), since (an instant), zone.
-- Out: day, called, arrived, minutes (on average until they arrived; null where nobody has); the
--   oldest first.
-- Index used: task_called.
select
    cast(sent_at at time zone :zone as date) as day,
    count(*) as called,
    count(arrived_at) as arrived,
    cast(avg(extract(epoch from arrived_at - sent_at) / 60) as double precision) as minutes
from task
where kind in ('whistle', 'joint')
    and state not in ('drafted', 'withdrawn')
    and sent_at >= :since
    and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
group by 1
order by 1
