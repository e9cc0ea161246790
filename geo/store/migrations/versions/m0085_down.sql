-- Question: how is the eighty-fifth version taken back?
-- In: whistle_load(). Out: the one of the thirty-second, which counts what a department was called to.
-- Index used: task_party.
create or replace function whistle_load(parties text[])
returns table (party text, open bigint, overdue bigint, minutes double precision)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select t.party,
        count(*) filter (where t.state in ('sent', 'taken', 'returned', 'held')),
        count(*) filter (where t.state in ('sent', 'taken', 'returned') and t.due_at <= now()),
        percentile_cont(0.5) within group (
            order by extract(epoch from t.arrived_at - t.sent_at) / 60
        ) filter (where t.arrived_at > now() - interval '90 days')
    from task as t
    where t.party = any (parties) and t.kind in ('whistle', 'joint')
        and cardinality((select duty_codes())) > 0
    group by t.party;
end;
