-- Question: which deliveries and read marks are kept no longer?
-- In: keep_days; most (so many of each at once). Out: those settled, or read, before then are gone; a
--   hand-over only once it is acknowledged or dropped and its task is over, a mark with its task.
--   What failed stays until somebody looks at it.
-- Index used: delivery_settled, notice_read_at; task's key.
delete from delivery
where id in (
    select d.id
    from delivery as d left join task as t on t.id = d.task
    where d.state in ('delivered', 'acknowledged', 'dropped')
        and coalesce(d.tried_at, d.made_at) < now() - make_interval(days => :keep_days)
        and (
            d.task is null
            or (d.state <> 'delivered' and t.state in ('closed', 'withdrawn'))
        )
    order by coalesce(d.tried_at, d.made_at)
    limit :most
);
delete from notice_read
where (person, kind, task, since) in (
    select r.person, r.kind, r.task, r.since
    from notice_read as r join task as t on t.id = r.task
    where r.read_at < now() - make_interval(days => :keep_days)
        and t.state in ('closed', 'withdrawn')
    order by r.read_at
    limit :most
)
