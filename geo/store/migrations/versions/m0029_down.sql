-- Question: how is the twenty-ninth version taken back?
-- In: task. Out: its policies as 0024 left them.
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
    );
drop policy task_change on task;
create policy task_change on task for update to jingwei_app
    using (
        (not confidential and path && (select duty_codes()))
        or made_by = (select acting_person())
        or party = any ((select acting_parties())::text[])
        or (confidential and path && (select duty_codes('{approver}')))
    )
    with check ((select acting_person()) is not null);
