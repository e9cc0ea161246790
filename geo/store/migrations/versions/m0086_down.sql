-- Question: what was before? In: event, issue, task. Out: the policy with the cast in the comparison.
-- Index used: issue_pkey, task_pkey.
alter policy event_of_visible on event
    using (
        case
            when subject !~ '^[0-9]{1,18}$' then false
            when noun = 'issue' then (
                select true from issue where issue.id = event.subject::bigint limit 1
            )
            when noun = 'task' then (
                select true from task where task.id = event.subject::bigint limit 1
            )
            else false
        end
    );
