-- Question: is what happened still what was written down, and who may look at that?
-- In: event, duty. Out: seal (a batch of events, their hashes, and the hash of the chain up to it); no
--   event is changed or removed, by the owner neither; the app role gives an event neither its number
--   nor its moment; audited() (events for an auditor, without what people typed about an issue).
--   `until` is the first transaction whose events are not in a seal up to this one.
-- Index used: event_xact to seal, the key of event to check; event_at for a period.

create table seal (
    number bigint primary key,
    ids int8multirange not null,
    events integer not null,
    leaves bytea not null,
    digest bytea not null,
    hash bytea not null unique,
    until bigint not null,
    sealed_at timestamptz not null,
    constraint seal_counts check (number > 0 and events > 0 and length(leaves) = 32 * events)
);
alter table seal alter column leaves set storage external;
create index event_at on event (at);

revoke insert on event from jingwei_app;
grant insert (noun, subject, name, detail, path, person) on event to jingwei_app;

create function history_is_kept() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    raise exception 'history is appended, never changed or removed'
        using errcode = 'restrict_violation';
end
$$;
create trigger event_is_kept
    before update of id, noun, subject, name, detail, path, person, at or delete or truncate on event
    for each statement execute function history_is_kept();
create trigger seal_is_kept
    before update of number, ids, events, leaves, digest, hash, sealed_at or delete or truncate on seal
    for each statement execute function history_is_kept();

-- An auditor's duty opens no issue, task or plan: duties without a role named are all but that one.
create or replace function duty_codes(roles text[] default null) returns text[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return (
        select coalesce(
            array_agg(
                distinct case when coalesce(d.net, 'admin') in ('admin', 'grid') then d.area
                else d.net || ':' || d.area end
            ),
            '{}'
        )
        from duty as d
        where d.party = acting_person()
            and d.area is not null
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date)
            and case when duty_codes.roles is null then d.role <> 'auditor'
                else d.role = any (duty_codes.roles) end
    );
end
$$;

-- What lies nowhere (accounts, imports) is for auditors of the whole city. Of issues and tasks the
-- states are told, not the words.
create function audited(
    nouns text[], names text[], persons text[], things text[],
    since timestamptz, before timestamptz, below bigint, most integer
)
returns table (
    id bigint, noun text, subject text, name text, detail jsonb, person text, at timestamptz,
    seal bigint
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    codes constant text[] := duty_codes('{auditor}');
    whole constant boolean := exists (
        select from area
        where net = 'admin' and parent is null and valid_to is null and code = any (codes)
    );
begin
    return query
    select
        e.id, e.noun, e.subject, e.name,
        case when e.noun in ('issue', 'task') then jsonb_strip_nulls(jsonb_build_object(
            'state', e.detail -> 'issue' -> 'state', 'outcome', e.detail -> 'issue' -> 'outcome',
            'tasks', (
                select jsonb_object_agg(t.key, t.value -> 'state')
                from jsonb_each(
                    case when jsonb_typeof(e.detail -> 'tasks') = 'object' then e.detail -> 'tasks' end
                ) as t
            )
        )) else e.detail end,
        e.person, e.at,
        (select s.number from seal as s where s.ids @> e.id limit 1)
    from event as e
    where (e.path && codes or (e.path = '{}' and whole))
        and (audited.nouns is null or e.noun = any (audited.nouns))
        and (audited.names is null or e.name = any (audited.names))
        and (audited.persons is null or e.person = any (audited.persons))
        and (audited.things is null or e.subject = any (audited.things))
        and (audited.since is null or e.at >= audited.since)
        and (audited.before is null or e.at < audited.before)
        and (audited.below is null or e.id < audited.below)
    order by e.id desc
    limit audited.most;
end
$$;
create index seal_ids on seal using gist (ids);
revoke all on function history_is_kept() from public;
revoke all on function audited(
    text[], text[], text[], text[], timestamptz, timestamptz, bigint, integer
) from public;
grant execute on function audited(
    text[], text[], text[], text[], timestamptz, timestamptz, bigint, integer
) to jingwei_app;

alter table seal enable row level security;
grant select (number, ids, events, digest, hash, sealed_at) on seal to jingwei_app;
create policy seal_read on seal for select to jingwei_app
    using (cardinality((select duty_codes('{auditor}'))) > 0);
