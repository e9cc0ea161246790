-- Question: does every delivery that waits have a job, and is no job left over?
-- In: keep_days. Out: jobs for deliveries without one (somebody emptied the queue, or asked for a
--   retry while the last try was ending); jobs given up by the library and its old notes are gone.
--   Jobs written in the future, since the clock was set back, wait from now on for as long as they had to;
--   so do hooks that rest since a try of then.
-- Index used: delivery_pending; pgqueuer_unique_dedupe_key, pgqueuer_log_created.
delete from queue.pgqueuer where status = 'failed';
update queue.pgqueuer
set execute_after = now() + greatest(execute_after - updated, interval '0'),
    heartbeat = least(heartbeat, now()),
    updated = now()
where greatest(updated, heartbeat) > now() + interval '10 s';
update hook as h
set rests_until = now() + greatest(h.rests_until - last.tried_at, interval '0')
from (
    select hook, max(tried_at) as tried_at from delivery
    where state = 'pending' and tried_at > now() + interval '10 s'
    group by hook
) as last
where last.hook = h.id;
update delivery set tried_at = now()
where state = 'pending' and tried_at > now() + interval '10 s';
insert into queue.pgqueuer (priority, entrypoint, payload, status, dedupe_key)
select 0, 'hook/' || d.hook, convert_to(d.id::text, 'UTF8'), 'queued', 'delivery/' || d.id
from delivery as d
where d.state = 'pending'
    and not exists (
        select from queue.pgqueuer as q
        where q.dedupe_key = 'delivery/' || d.id and q.status in ('queued', 'picked')
    )
order by d.id
on conflict do nothing;
delete from queue.pgqueuer_log where created < now() - make_interval(days => :keep_days);
delete from queue.pgqueuer_statistics where created < now() - make_interval(days => :keep_days)
