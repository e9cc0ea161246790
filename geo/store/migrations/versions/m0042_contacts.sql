-- Question: how is the reporter of an issue reached, and who was told so, why?
-- In: issue. Out: contact (one a reporter: the telephone encrypted by a key of its own, that key wrapped by the
--   server's), which the app role neither reads nor writes; keep_contact() for whoever received the issue;
--   show_contact() for whoever received it, dispatches there or handles it: it tells in history who asked
--   and why before it answers, and answers nothing without a reason. Deleting the row destroys the key.
-- Index used: the keys of contact and issue.
create table contact (
    reporter text collate "C" primary key,
    wrapped bytea not null,
    sealed bytea not null,
    made_at timestamptz not null default now(),
    constraint contact_of_a_key check (reporter ~ '^[0-9a-f]{32}$')
);
alter table contact enable row level security;

create function keep_contact(which bigint, wrapped_key bytea, sealed_contact bytea) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    insert into contact (reporter, wrapped, sealed)
    select reporter, wrapped_key, sealed_contact
    from issue
    where id = which and reporter is not null and received_by = acting_person()
    on conflict do nothing;
end;

create function show_contact(which bigint, reason text)
returns table (reporter text, wrapped bytea, sealed bytea)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if btrim(reason) = '' then
        return;
    end if;
    return query
    with asked as (
        select i.id, i.path, c.reporter, c.wrapped, c.sealed
        from issue as i join contact as c on c.reporter = i.reporter
        where i.id = which
            and (
                i.received_by = acting_person()
                or i.path && duty_codes('{dispatcher}')
                or acting_holds(i.id)
            )
    ),
    told as (
        insert into event (noun, subject, name, detail, path, person)
        select
            'person', left(asked.reporter, 8), 'show',
            jsonb_build_object('issue', asked.id, 'reason', show_contact.reason), asked.path,
            acting_person()
        from asked
    )
    select asked.reporter, asked.wrapped, asked.sealed from asked;
end
$$;
revoke all on function
    keep_contact(bigint, bytea, bytea), show_contact(bigint, text) from public;
grant execute on function
    keep_contact(bigint, bytea, bytea), show_contact(bigint, text) to jingwei_app;
