-- Question: how is the thirty-third version taken back?
-- In: review. Out: its policies as 0011 left them.
-- Index used: none.
drop policy review_read on review;
create policy review_read on review for select to jingwei_app
    using (
        path && (select duty_codes())
        or made_by = acting_person()
        or ratee = any ((select acting_parties())::text[])
        or rater = any ((select acting_parties())::text[])
    );
drop policy review_add on review;
create policy review_add on review for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (task is null or exists (select from task as t where t.id = review.task))
        and (
            path && (select duty_codes('{dispatcher,checker,approver}'))
            or rater = any ((select acting_parties())::text[])
        )
    );
