-- Question: which events lie in no seal, although the last seal says that all of their time do?
-- In: until (the first transaction that no seal speaks of), most. Out: id, by number.
-- Index used: none; all events are looked through, the ranges of all seals put together once.
select e.id
from event as e
where e.xact < cast(:until as bigint)
    and not (
        select coalesce(range_agg(r), '{}'::int8multirange)
        from seal as s cross join lateral unnest(s.ids) as r
    ) @> e.id
order by e.id
limit :most
