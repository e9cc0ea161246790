-- Question: which departments were whistled for, and what is the subdistrict's only until a ruling?
-- In: task. Out: columns for signature, arrival and provisional tasks; a state before signature;
--   whoever has a duty over the place, or holds the issue, may draft a whistle.
-- Index used: task_provisional, for the ledger of what nobody owns; task_unsigned, for signatures.
alter table task
    add column signed_by text collate "C",
    add column arrive_by timestamptz,
    add column arrived_at timestamptz,
    add column away_m double precision,
    add column provisional boolean not null default false,
    drop constraint task_state_known,
    add constraint task_state_known check (
        state in (
            'drafted', 'sent', 'taken', 'done', 'closed', 'returned', 'held', 'withdrawn'
        )
    ),
    add constraint task_away_finite check (away_m >= 0 and away_m < 'Infinity');
create index task_provisional on task (id) where provisional;
create index task_unsigned on task (id) where kind = 'whistle' and signed_by is null;

-- A policy on task that asks task would ask itself for ever.
create function acting_holds(which bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select exists (
        select from task where issue = which and party = any (acting_parties())
    );
end;

revoke all on function acting_holds(bigint) from public;
grant execute on function acting_holds(bigint) to jingwei_app;

drop policy task_write on task;
create policy task_write on task for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (
            path && (select duty_codes('{dispatcher}'))
            or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
            or (
                kind = 'whistle'
                and (
                    path && (select duty_codes())
                    or acting_holds(issue)
                )
            )
        )
    );
