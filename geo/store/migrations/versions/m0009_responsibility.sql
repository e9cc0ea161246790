-- Question: which row of the responsibility list is a duty of, and on what does that row rest?
-- In: duty, party. Out: `row_number` (one for each service and area of a list as it stood, kept for
--   ever), `basis` (its words), `said` (words of a party or an area that nobody could place: the
--   row stays, and whoever meets it is told); the day a party ended; rights for whoever rules.
-- Index used: duty_place, when an issue is routed; duty_row; duty_unplaced, for rows without area.
create sequence duty_row_number;

alter table duty
    add column row_number bigint,
    add column basis text not null default '',
    add column said jsonb not null default '{}',
    alter column party drop not null,
    add constraint duty_party_or_words check (party is not null or service is not null);
with numbered as (
    select id, dense_rank() over (order by net, area, service) as number
    from duty
    where service is not null
)
update duty set row_number = numbered.number from numbered where numbered.id = duty.id;
select setval('duty_row_number', coalesce(max(row_number), 0) + 1, false) from duty;

drop index duty_now;
create unique index duty_now on duty (party, role, net, area, service, row_number, said)
    nulls not distinct where valid_to is null;
-- The index of duties held now does not serve: some end on a day to come.
create index duty_place on duty (area);
create index duty_row on duty (row_number) where row_number is not null;
create index duty_unplaced on duty (service) where area is null and service is not null;

alter table party add column ended_on date;

grant usage on sequence duty_row_number to jingwei_app;
-- A ruling is a row of the list, by an approver of the place; rulings may follow each other.
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

-- Whoever holds an issue, or its department, reads why it is theirs.
create policy event_held on event for select to jingwei_app
    using (
        noun = 'issue'
        and subject in (
            select issue::text from task where party = any ((select acting_parties())::text[])
        )
    );
