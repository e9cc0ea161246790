-- Question: which events were committed since a moment, and which moment is it now?
-- In: seen (a snapshot as text), most. Out: one row: the snapshot of this question, and the newest
--   events that `seen` had not seen, one more than `most` at the most, in order of their numbers.
--   Those of before a dump was read back have numbers of another server's transactions: an event
--   is at most a day old here.
-- Index used: event_xact.
with fresh as (
    select id, noun, subject, name, path, at, xact
    from event
    where xact >= pg_snapshot_xmin(cast(:seen as pg_snapshot))::text::bigint
        and xact < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        and not pg_visible_in_snapshot(xact::text::xid8, cast(:seen as pg_snapshot))
        and at > now() - interval '1 day'
    order by id desc
    limit cast(:most as bigint) + 1
)
select
    pg_current_snapshot()::text as seen,
    coalesce(
        (select json_agg(to_json(f) order by f.id) from fresh as f), '[]'
    ) as events
