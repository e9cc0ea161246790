-- Question: which events tell of an issue or a task that one sees?
-- In: event, issue, task. Out: the policy as it was, its number reckoned before the row is looked for:
--   PostgreSQL 17 takes a cast in the comparison for one that may tell of rows, asks the policy of
--   each row first, and reads all issues for each event.
-- Index used: issue_pkey, task_pkey.
alter policy event_of_visible on event
    using (
        case
            when subject !~ '^[0-9]{1,18}$' then false
            when noun = 'issue' then (
                select true from issue where issue.id = (select event.subject::bigint) limit 1
            )
            when noun = 'task' then (
                select true from task where task.id = (select event.subject::bigint) limit 1
            )
            else false
        end
    );
