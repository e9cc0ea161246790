-- Question: which transaction wrote what was read back from a dump, in the numbers of this server?
-- In: event, seal, as they were dumped: their numbers are of another server. Out: sealed events lie before
--   all that is to come (0), the others and the end of the last seal at this transaction, so that the next
--   seal holds what was in none. Run part by part.
-- Index used: none; all events are looked through.
update event as e
set xact = case
        when (
            select coalesce(range_agg(r), '{}'::int8multirange)
            from seal as s cross join lateral unnest(s.ids) as r
        ) @> e.id then 0
        else pg_current_xact_id()::text::bigint
    end;
update seal set until = pg_current_xact_id()::text::bigint
