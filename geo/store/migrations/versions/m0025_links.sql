-- Question: which links open a task, or a worker's day, on a phone without an account; and what did
--   somebody ask for already, that asks again because no answer came?
-- In: task, party, duty. Out: link, bound to the first device that opens it; asked_once, each
--   person's own.
-- Index used: the keys; link_once for making one again.
create table link (
    id bigint generated always as identity primary key,
    kind text not null,
    party text collate "C" not null references party,
    task bigint references task on delete cascade,
    day date,
    serial integer not null default 1,
    device text collate "C",
    opened_at timestamptz,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    path text[] collate "C" not null default '{}',
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint link_kind_known check (kind in ('task', 'day')),
    constraint link_of_one_thing check (
        (kind = 'task') = (task is not null) and (kind = 'day') = (day is not null)
    )
);
-- Made again it is the same link with another serial: what was given out before opens nothing.
create unique index link_once on link (party, task, day) nulls not distinct
    where revoked_at is null;
create index link_of_task on link (task) where task is not null;

create table asked_once (
    person text collate "C" not null,
    key text collate "C" not null,
    digest text collate "C" not null,
    made_at timestamptz not null default now(),
    primary key (person, key),
    constraint asked_once_key_short check (length(key) between 8 and 128)
);

-- Asked before anybody acts: what a signed link stands for, and why it opens nothing if it does not.
-- The first device that opens it is the only one.
create function open_link(link_id bigint, link_serial integer, told_device text)
returns table (kind text, party text, task bigint, day date, expires_at timestamptz, fault text,
    is_first boolean)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    bound integer;
begin
    update link as l set device = told_device, opened_at = now()
    where l.id = link_id and l.serial = link_serial and l.device is null
        and l.revoked_at is null and l.expires_at > now();
    get diagnostics bound = row_count;
    return query
        select l.kind, l.party, l.task, l.day, l.expires_at,
            case
                when l.revoked_at is not null then 'revoked'
                when l.serial <> link_serial then 'replaced'
                when l.expires_at <= now() then 'expired'
                when l.device is distinct from told_device then 'device'
                else ''
            end,
            bound > 0
        from link as l
        where l.id = link_id;
end
$$;
revoke all on function open_link(bigint, integer, text) from public;
grant execute on function open_link(bigint, integer, text) to jingwei_app;

-- Whether the acting person sends people to work where a party has a duty.
create function sends_to(worker text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select exists (
        select from duty as d
            join area as a
                on a.code = d.area and a.net = coalesce(d.net, 'admin') and a.valid_to is null
        where d.party = worker
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date)
            and a.path && duty_codes('{dispatcher}')
    );
end;
revoke all on function sends_to(text) from public;
grant execute on function sends_to(text) to jingwei_app;

grant select, insert on link to jingwei_app;
grant update (serial, device, opened_at, expires_at, revoked_at, made_by, made_at) on link
    to jingwei_app;
grant select, insert on asked_once to jingwei_app;
alter table link enable row level security;
alter table asked_once enable row level security;

-- Whoever sends a task gives a link to it out, to its holder alone; of a day, whoever sends to where
-- the worker has a duty. Nobody else's links are seen.
create policy link_read on link for select to jingwei_app
    using (
        made_by = acting_person() or party = acting_person()
        or path && (select duty_codes('{dispatcher}'))
    );
create policy link_make on link for insert to jingwei_app
    with check (
        made_by = acting_person() and device is null and opened_at is null
        and case
            when kind = 'task' then path && (select duty_codes('{dispatcher}')) and exists (
                select from task as t
                where t.id = link.task and t.party = link.party and t.path = link.path
            )
            else sends_to(party)
        end
    );
create policy link_change on link for update to jingwei_app
    using (
        case
            when kind = 'task' then path && (select duty_codes('{dispatcher}'))
            else sends_to(party)
        end
    )
    with check (made_by = acting_person() or revoked_at is not null);
create policy asked_once_own on asked_once for select to jingwei_app
    using (person = acting_person());
create policy asked_once_keep on asked_once for insert to jingwei_app
    with check (person = acting_person());
