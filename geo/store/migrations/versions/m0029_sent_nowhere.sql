-- Question: who may take back what was sent of an issue that lies nowhere?
-- In: task. Out: the policies task_read and task_change, which say what they said, and that a task
--   whose issue has no place (its path is empty) is for whoever dispatches, as issue_read and
--   issue_change say it of the issue: who sees it in the queue can withdraw what was sent of it.
-- Index used: task_path, task_party, task_passed_on.
drop policy task_read on task;
create policy task_read on task for select to jingwei_app
    using (
        (not confidential and path && (select duty_codes()))
        or made_by = (select acting_person())
        or party = any ((select acting_parties())::text[])
        or among && (select acting_parties())
        or (not confidential and passed_on && (select acting_parties()))
        or (confidential and path && (select duty_codes('{approver}')))
        or (
            not confidential
            and path = (select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end)
        )
    );
drop policy task_change on task;
create policy task_change on task for update to jingwei_app
    using (
        (not confidential and path && (select duty_codes()))
        or made_by = (select acting_person())
        or party = any ((select acting_parties())::text[])
        or (confidential and path && (select duty_codes('{approver}')))
        or (
            not confidential
            and path = (select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end)
        )
    )
    with check ((select acting_person()) is not null);
