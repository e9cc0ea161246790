-- Question: how is the ninth version taken back?
-- In: duty, party. Out: rows without a party are gone, of repeated duties the first is kept.
drop policy event_held on event;
drop policy duty_overrule on duty;
drop policy duty_rule on duty;
alter table party drop column ended_on;
drop index duty_unplaced, duty_row, duty_place, duty_now;
delete from duty
where party is null
    or (
        valid_to is null
        and exists (
            select from duty as d
            where d.id < duty.id and d.valid_to is null
                and row(d.party, d.role, d.net, d.area, d.service)
                is not distinct from row(duty.party, duty.role, duty.net, duty.area, duty.service)
        )
    );
create unique index duty_now on duty (party, role, net, area, service)
    nulls not distinct where valid_to is null;
alter table duty
    drop constraint duty_party_or_words,
    alter column party set not null,
    drop column row_number,
    drop column basis,
    drop column said;
drop sequence duty_row_number;
