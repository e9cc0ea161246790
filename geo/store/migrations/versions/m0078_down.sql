-- Question: how is the seventy-eighth version taken back?
-- In: link. Out: function open_link as it was. Index used: link_pkey.
drop function open_link(bigint, integer, text, boolean);
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
