-- Question: whose keys and contacts, and the words of which tasks of no issue, are past their time?
-- In: reporter_days, contact_days, task_days, most (so many of each at once). Out: they are gone; run part by part.
-- Index used: issue_reporter; none for tasks of no issue, which are few.
update issue set reporter = null
where id in (
    select id from issue
    where reporter is not null and state = 'closed'
        and coalesce(reported_at, received_at)
            < now() - make_interval(secs => cast(:reporter_days as double precision) * 86400)
    limit :most
);
delete from said
where event in (
    select e.id
    from task as t join event as e on e.noun = 'task' and e.subject = t.id::text
    where t.issue is null and t.state in ('closed', 'withdrawn')
        and (t.text <> '' or t.result <> '' or t.found <> '' or t.place is not null)
        and t.made_at < now() - make_interval(secs => cast(:task_days as double precision) * 86400)
);
update task set text = '', result = '', found = '', place = null, reference = null, content = null
where id in (
    select id from task
    where issue is null and state in ('closed', 'withdrawn')
        and (text <> '' or result <> '' or found <> '' or place is not null)
        and made_at < now() - make_interval(secs => cast(:task_days as double precision) * 86400)
    limit :most
);
delete from contact
where reporter in (
    select c.reporter
    from contact as c
    where c.made_at < now() - make_interval(secs => cast(:contact_days as double precision) * 86400)
        and not exists (
            select from issue as i
            where i.reporter = c.reporter
                and (
                    i.state <> 'closed'
                    or coalesce(i.reported_at, i.received_at)
                        >= now() - make_interval(secs => cast(:contact_days as double precision) * 86400)
                )
        )
    limit :most
)
