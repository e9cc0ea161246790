-- Question: what was before? In: duty, area. Out: the two policies with the list of all areas.
-- Index used: none.
alter policy duty_follow on duty
    with check (
        net <> 'admin' and since is not null
        and area in (select code from area where path && (select duty_codes('{approver}')))
    );
alter policy duty_end on duty
    using (
        net <> 'admin'
        and area in (select code from area where path && (select duty_codes('{approver}')))
    );
