-- Question: which photos are erased with the tasks of no issue that are past their time?
-- In: task_days. Out: stored (names of files that no row names any more); the rows are gone.
-- Index used: attachment_task; attachment's stored is looked through, once an hour.
with gone as (
    delete from attachment
    where issue is null and task in (
            select id
            from task
            where issue is null and state in ('closed', 'withdrawn')
                and made_at < now() - make_interval(secs => cast(:task_days as double precision) * 86400)
        )
    returning id, stored
)
select distinct stored
from gone
where not exists (
        select from attachment as a
        where a.stored = gone.stored and a.id not in (select id from gone)
    )
order by stored
