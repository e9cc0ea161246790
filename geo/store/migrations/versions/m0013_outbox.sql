-- Question: who outside hears of which events, and what became of each delivery?
-- In: event, the schema `queue`. Out: hooks, deliveries; a delivery and its job are written in the
--   transaction that writes the event, whoever writes it and however many at once, so that none
--   can be missed; `event.xact` tells which events a snapshot had not seen.
-- Index used: delivery_pending for the worker, delivery_unacknowledged for what is stuck, event_xact.

-- Numbers of events come out of order: a later one may be committed first. Transactions tell.
alter table event add column xact bigint not null default (pg_current_xact_id()::text::bigint);
create index event_xact on event (xact);

create table hook (
    id bigint generated always as identity primary key,
    name text collate "C" not null,
    kind text not null default 'webhook',
    url text not null default '',
    nouns text[] collate "C" not null default '{}',
    names text[] collate "C" not null default '{}',
    area text collate "C" not null,
    path text[] collate "C" not null,
    party text collate "C" references party,
    rests_until timestamptz,
    removed_at timestamptz,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint hook_name_plain check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    constraint hook_kind_known check (kind in ('webhook', 'file', 'log')),
    constraint hook_url_of_webhooks check ((kind = 'webhook') = (url <> ''))
);
create unique index hook_name_now on hook (name) where removed_at is null;

create table delivery (
    id bigint generated always as identity primary key,
    hook bigint not null references hook,
    event bigint not null references event,
    task bigint references task,
    state text not null default 'pending',
    attempts integer not null default 0,
    status integer,
    said text not null default '',
    reference text not null default '',
    made_at timestamptz not null default now(),
    tried_at timestamptz,
    next_at timestamptz,
    constraint delivery_state_known check (
        state in ('pending', 'delivered', 'acknowledged', 'dead', 'dropped')
    ),
    constraint delivery_attempts_count check (attempts >= 0)
);
create unique index delivery_once on delivery (hook, event, task) nulls not distinct;
create index delivery_pending on delivery (hook, id) where state = 'pending';
create index delivery_failed on delivery (id) where state = 'dead';
create index delivery_unacknowledged on delivery (made_at)
    where task is not null and state <> 'acknowledged';
create index delivery_task on delivery (task) where task is not null;

-- A hook without a party hears of events; one with a party is handed the tasks sent to it.
create function deliveries_of_events() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform pg_notify('jingwei_event', '');
    if not exists (select from hook where removed_at is null) then
        return null;
    end if;
    insert into delivery (hook, event, task)
    select h.id, e.id, t.id
    from new_events as e
        join hook as h
            on (h.nouns = '{}' or e.noun = any (h.nouns))
            and (h.names = '{}' or e.name = any (h.names))
            and (e.path @> array[h.area] or (e.path = '{}' and cardinality(h.path) = 1))
        left join lateral jsonb_each(
            case when h.party is not null and e.noun = 'issue'
                and jsonb_typeof(e.detail -> 'tasks') = 'object' then e.detail -> 'tasks' end
        ) as told on told.value ->> 'state' = 'sent' and told.key ~ '^[0-9]{1,18}$'
        left join task as t
            on t.id = case when told.key ~ '^[0-9]{1,18}$' then told.key::bigint end
            and t.party = h.party
    where h.removed_at is null
        and (h.party is null or t.id is not null)
        -- What is confidential lies nowhere, and is not for those who hear of what lies nowhere.
        and not (
            e.noun = 'task' and e.path = '{}' and e.subject ~ '^[0-9]{1,18}$'
            and exists (
                select from task as c
                where c.id = case when e.subject ~ '^[0-9]{1,18}$' then e.subject::bigint end
                    and c.confidential
            )
        )
    on conflict do nothing;
    return null;
end
$$;

create function jobs_of_deliveries() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into queue.pgqueuer (priority, entrypoint, payload, status, dedupe_key)
    select 0, 'hook/' || hook, convert_to(id::text, 'UTF8'), 'queued', 'delivery/' || id
    from new_deliveries
    where state = 'pending'
    order by id
    on conflict do nothing;
    return null;
end
$$;

create function job_of_delivery() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into queue.pgqueuer (priority, entrypoint, payload, status, dedupe_key)
    values (
        0, 'hook/' || new.hook, convert_to(new.id::text, 'UTF8'), 'queued', 'delivery/' || new.id
    )
    on conflict do nothing;
    return null;
end
$$;
revoke all on function deliveries_of_events(), jobs_of_deliveries(), job_of_delivery() from public;

create trigger event_leaves after insert on event
    referencing new table as new_events
    for each statement execute function deliveries_of_events();
create trigger delivery_waits after insert on delivery
    referencing new table as new_deliveries
    for each statement execute function jobs_of_deliveries();
create trigger delivery_waits_again after update of state on delivery
    for each row when (new.state = 'pending' and old.state <> 'pending')
    execute function job_of_delivery();

grant select, insert on hook to jingwei_app;
grant update (removed_at) on hook to jingwei_app;
grant select on delivery to jingwei_app;
grant update (state, reference, attempts, said, next_at) on delivery to jingwei_app;

alter table hook enable row level security;
alter table delivery enable row level security;

-- Hooks are their area's approvers' affair; whoever sees a task sees how its hand-over stands.
create policy hook_read on hook for select to jingwei_app
    using (path && (select duty_codes('{approver}')));
create policy hook_add on hook for insert to jingwei_app
    with check (made_by = acting_person() and path && (select duty_codes('{approver}')));
create policy hook_remove on hook for update to jingwei_app
    using (path && (select duty_codes('{approver}')));
create policy delivery_read on delivery for select to jingwei_app
    using (hook in (select id from hook) or task in (select id from task));
create policy delivery_settle on delivery for update to jingwei_app
    using (hook in (select id from hook));
