-- Question: how much have some departments to do, anywhere?
-- In: task. Out: whistle_load(parties): open and overdue tasks of every kind, minutes until it was on
--   the spot where it was called in (the median of 90 days), of each that has or had a task. It counts
--   tasks that who asks may not see, tells figures alone, and only those who have a duty.
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
        ) filter (where t.arrived_at > now() - interval '90 days'
                and t.kind in ('whistle', 'joint'))
    from task as t
    where t.party = any (parties)
        and cardinality((select duty_codes())) > 0
    group by t.party;
end;
