-- Question: how is the ninety-ninth version taken back?
-- In: link. Out: policy link_read as it was. Index used: none.
drop policy link_read on link;
create policy link_read on link for select to jingwei_app
    using (
        made_by = acting_person() or party = acting_person()
        or path && (select duty_codes('{dispatcher}'))
    );
