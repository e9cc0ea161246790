-- Question: how is the forty-third version taken back?
-- In: show_contact(). Out: as m0042 made it.
-- Index used: none.
create or replace function show_contact(which bigint, reason text)
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
