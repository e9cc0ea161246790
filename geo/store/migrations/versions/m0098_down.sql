-- Question: how is the ninety-eighth version taken back?
-- In: link. Out: function open_link as it was. Index used: link_pkey.
create or replace function open_link(link_id bigint, link_serial integer, told_device text, uses boolean)
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
