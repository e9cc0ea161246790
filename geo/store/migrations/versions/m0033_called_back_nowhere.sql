-- Question: who keeps a call-back about an issue that lies nowhere?
-- In: review. Out: the policies review_read and review_add, which say what they said, and that a
--   review of a task whose issue has no place (its path is empty) is read and written by whoever sees
--   that task as a dispatcher: without it such an issue could be done and never closed.
-- Index used: the key of task.
drop policy review_read on review;
create policy review_read on review for select to jingwei_app
    using (
        path && (select duty_codes())
        or made_by = acting_person()
        or ratee = any ((select acting_parties())::text[])
        or rater = any ((select acting_parties())::text[])
        or (
            path = '{}' and task is not null
            and cardinality((select duty_codes('{dispatcher}'))) > 0
        )
    );
drop policy review_add on review;
create policy review_add on review for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (task is null or exists (select from task as t where t.id = review.task))
        and (
            path && (select duty_codes('{dispatcher,checker,approver}'))
            or rater = any ((select acting_parties())::text[])
            or (
                path = '{}' and task is not null
                and cardinality((select duty_codes('{dispatcher}'))) > 0
            )
        )
    );
