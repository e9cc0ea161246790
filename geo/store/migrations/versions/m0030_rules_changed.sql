-- Question: has anything changed of what decides whose an issue is, and when it is due?
-- In: statements that write duty, service, party, calendar. Out: rules_changed; the sum of `times`
--   is how many of them have been committed, so that one who has seen a sum has seen these all.
-- Index used: its key.
-- Sixty-four rows, for one would make those who change something wait for each other.
create table rules_changed (
    slot smallint primary key,
    times bigint not null
);

create function count_rules_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into rules_changed as r (slot, times)
    values (pg_backend_pid() % 64, 1)
    on conflict (slot) do update set times = r.times + 1;
    return null;
end
$$;

revoke all on function count_rules_change() from public;

create trigger duty_changes_rules after insert or update or delete or truncate on duty
    for each statement execute function count_rules_change();
create trigger service_changes_rules after insert or update or delete or truncate on service
    for each statement execute function count_rules_change();
create trigger party_changes_rules after insert or update or delete or truncate on party
    for each statement execute function count_rules_change();
create trigger calendar_changes_rules after insert or update or delete or truncate on calendar
    for each statement execute function count_rules_change();

grant select on rules_changed to jingwei_app;
alter table rules_changed enable row level security;
create policy rules_changed_read on rules_changed for select to jingwei_app
    using ((select acting_person()) is not null);
