-- Question: which events say they are of a later transaction than they can be?
-- In: most. Out: id, by number: sealed events
--   that wait to be sealed again, and those of transactions that have not begun, which no seal would
--   ever reach.
-- Index used: event_xact (only what waits is looked through), seal_ids.
select e.id
from event as e
where e.xact >= coalesce((select max(until) from seal), 0)
    and (
        e.xact >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        or exists (select from seal as s where s.ids @> e.id)
    )
order by e.id
limit :most
