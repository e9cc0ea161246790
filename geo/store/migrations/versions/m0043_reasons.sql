-- Question: is nobody told how a reporter is reached without a reason, whatever the question is asked with?
-- In: show_contact(). Out: the same, which is an error (no row, no event) where the reason is missing or
--   nothing but blanks: those that are none in ASCII and those of no width as well.
-- Index used: the keys of contact and issue.
create or replace function show_contact(which bigint, reason text)
returns table (reporter text, wrapped bytea, sealed bytea)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if char_length(translate(
        coalesce(reason, ''),
        E' \t\n\r\f\v\u0085\u00a0\u00ad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'
            '\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\u3164\ufeff',
        ''
    )) < 2 then
        raise exception using
            errcode = 'check_violation', message = 'nobody is told how a reporter is reached without a reason';
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
