-- Question: whose duties may who publishes begin, or end?
-- In: duty, area. Out: the two policies as they were, each area looked for by its code: a list of all
--   areas where one approves was made for each statement, of all areas there are and ever were. And
--   it is looked for in the duty's own net: an area of another net may go by the same code.
-- Index used: area_code_history.
alter policy duty_follow on duty
    with check (
        net <> 'admin' and since is not null
        and (
            select true from area
            where area.net = duty.net and area.code = duty.area
                and path && (select duty_codes('{approver}'))
            limit 1
        )
    );
alter policy duty_end on duty
    using (
        net <> 'admin'
        and (
            select true from area
            where area.net = duty.net and area.code = duty.area
                and path && (select duty_codes('{approver}'))
            limit 1
        )
    );
