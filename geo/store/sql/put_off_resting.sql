-- Question: which jobs of a hook that rests need not be looked at before it rests no more?
-- In: hook. Out: its jobs that wait are not before then; those that somebody holds, a worker that
--   takes them or another that puts them off, are left to them.
-- Index used: primary key of hook; pgqueuer_ep_ea_idx, primary key of the queue.
with waiting as (
    select q.id, h.rests_until
    from hook as h
        join queue.pgqueuer as q
            on q.entrypoint = 'hook/' || h.id
            and q.status = 'queued'
            and q.execute_after < h.rests_until
    where h.id = :hook
    for update of q skip locked
)
update queue.pgqueuer as job
set execute_after = waiting.rests_until, updated = now()
from waiting
where job.id = waiting.id
