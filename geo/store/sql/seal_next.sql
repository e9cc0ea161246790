-- Question: which events are to be sealed next, all of whose transactions are over?
-- In: since (the first transaction in no seal), most (so many events, and the rest of the transaction
--   of the last). Out: one row: until (the first transaction after them), events, ids, leaves one
--   after the other by number, digest, now. A transaction under way, or a later one that came first,
--   holds back what comes after it: nothing that is committed late can fall before a seal.
-- Index used: event_xact.
with bounds as (
    select least(
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        (
            select xact + 1 from event where xact >= cast(:since as bigint)
            order by xact
            limit 1 offset cast(:most as bigint) - 1
        )
    ) as until
),
fresh as (
    select
        e.id,
        sha256(convert_to(jsonb_build_array(
            e.id, e.noun, e.subject, e.name, e.detail, e.path, e.person,
            (extract(epoch from e.at) * 1000000)::bigint
        )::text, 'UTF8')) as leaf
    from event as e cross join bounds
    where e.xact >= cast(:since as bigint) and e.xact < bounds.until
),
batch as (
    select
        count(*) as events, range_agg(int8range(id, id, '[]'))::text as ids,
        string_agg(leaf, ''::bytea order by id) as leaves
    from fresh
)
select bounds.until, events, ids, leaves, sha256(leaves) as digest, clock_timestamp() as now
from batch cross join bounds
