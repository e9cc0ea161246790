-- Question: what does a signed link stand for, and why does it open nothing for a device?
-- In: link. Out: function open_link, which binds a link to the first device that uses it; who only
--   looks binds nothing: till then it is open to each device that exchanged its token.
-- Index used: link_pkey.
drop function open_link(bigint, integer, text);
create function open_link(link_id bigint, link_serial integer, told_device text, uses boolean)
returns table (kind text, party text, task bigint, day date, expires_at timestamptz, fault text,
    is_first boolean, is_bound boolean)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    bound integer;
begin
    update link as l set device = told_device, opened_at = now()
    where uses and l.id = link_id and l.serial = link_serial and l.device is null
        and l.revoked_at is null and l.expires_at > now();
    get diagnostics bound = row_count;
    return query
        select l.kind, l.party, l.task, l.day, l.expires_at,
            case
                when l.revoked_at is not null then 'revoked'
                when l.serial <> link_serial then 'replaced'
                when l.expires_at <= now() then 'expired'
                when l.device <> told_device then 'device'
                else ''
            end,
            bound > 0,
            l.device is not null
        from link as l
        where l.id = link_id;
end
$$;
revoke all on function open_link(bigint, integer, text, boolean) from public;
grant execute on function open_link(bigint, integer, text, boolean) to jingwei_app;
