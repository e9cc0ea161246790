-- Question: which issues came within a period, and which tasks run, called a department, or wait for a leader?
-- In: issue, task. Out: indexes that serve whoever acts as somebody.
-- Index used: issue_came, task_running, task_called, task_for_leaders. Under row-level security PostgreSQL takes no
--   index for a coalesce, which it does not know to keep secrets; for a case of plain columns it does.
--   What a partial index leaves out is not asked of it at all. See decision 21.
create index issue_came
    on issue ((case when reported_at is null then received_at else reported_at end));
create index task_running on task (issue)
    where lead and state in ('sent', 'taken', 'returned') and issue is not null;
create index task_called on task (sent_at) where kind in ('whistle', 'joint');
create index task_for_leaders on task (id)
    where (state not in ('closed', 'withdrawn') or appealed = 'asked')
        and (
            kind in ('whistle', 'joint')
            or appealed = 'asked'
            or state = 'returned'
            or (state = 'taken' and asked <> '')
        );
