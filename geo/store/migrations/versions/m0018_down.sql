-- Question: how is the eighteenth version taken back?
-- In: issue, task, duty, attachment, answer, event, delivery. Out: the policies and grants of the
--   seventeenth; rows stay.
drop index delivery_settled, notice_read_at;
revoke update on issue, task from jingwei_app;
grant update on issue, task to jingwei_app;

drop policy task_write on task;
create policy task_write on task for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (
            path && (select duty_codes('{dispatcher}'))
            or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
            or (
                kind in ('whistle', 'joint')
                and (path && (select duty_codes()) or acting_holds(issue))
            )
            or (kind = 'inspect' and acting_holds(issue))
            or (issue is null and path && (select duty_codes()))
        )
    );
drop policy answer_read on answer;
create policy answer_read on answer for select to jingwei_app
    using (exists (select from issue where issue.id = answer.issue));
drop policy attachment_read on attachment;
create policy attachment_read on attachment for select to jingwei_app
    using (
        case when issue is null then exists (select from task as t where t.id = attachment.task)
        else exists (select from issue as i where i.id = attachment.issue) end
    );
create policy event_held on event for select to jingwei_app
    using (
        noun = 'issue'
        and subject in (
            select issue::text from task where party = any ((select acting_parties())::text[])
        )
    );

drop policy duty_overrule on duty;
drop policy duty_rule on duty;
create policy duty_rule on duty for insert to jingwei_app
    with check (
        service is not null
        and role = 'department'
        and area in (
            select code from area
            where area.net = duty.net and valid_to is null
                and path && (select duty_codes('{approver}'))
        )
    );
create policy duty_overrule on duty for update to jingwei_app
    using (
        service is not null
        and role = 'department'
        and area in (
            select code from area
            where area.net = duty.net and valid_to is null
                and path && (select duty_codes('{approver}'))
        )
    );
drop function
    tasks_of_issue(bigint), end_tasks(bigint), place_tasks(bigint), acting_reads(bigint),
    acting_sees(bigint), acting_rules(text, text, text, text);
