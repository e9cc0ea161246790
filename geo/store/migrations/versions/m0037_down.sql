-- Question: how is the thirty-seventh version taken back?
-- In: seal, the triggers that keep history. Out: none of them; duty_codes as 0034 left it.
-- Index used: none.
drop function audited(text[], text[], text[], text[], timestamptz, timestamptz, bigint, integer);
drop table seal;
drop trigger event_is_kept on event;
drop function history_is_kept();
drop index event_at;
revoke insert (noun, subject, name, detail, path, person) on event from jingwei_app;
grant insert on event to jingwei_app;

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
            and (duty_codes.roles is null or d.role = any (duty_codes.roles))
    );
end
$$;
