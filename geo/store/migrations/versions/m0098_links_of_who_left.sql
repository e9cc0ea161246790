-- Question: what does a signed link stand for, and why does it open nothing for a device?
-- In: link, party. Out: function open_link, as before; the link of a party that has left the city opens
--   nothing either, and binds no device.
-- Index used: link_pkey, party_pkey.
create or replace function open_link(
    link_id bigint, link_serial integer, told_device text, uses boolean
)
returns table (kind text, party text, task bigint, day date, expires_at timestamptz, fault text,
    is_first boolean, is_bound boolean)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    bound integer;
begin
    update link as l set device = told_device, opened_at = now()
    where uses and l.id = link_id and l.serial = link_serial and l.device is null
        and l.revoked_at is null and l.expires_at > now()
        and not exists (
            select from party as p where p.code = l.party and p.ended_on <= current_date
        );
    get diagnostics bound = row_count;
    return query
        select l.kind, l.party, l.task, l.day, l.expires_at,
            case
                when l.revoked_at is not null then 'revoked'
                when l.serial <> link_serial then 'replaced'
                when l.expires_at <= now() then 'expired'
                when p.ended_on <= current_date then 'left'
                when l.device <> told_device then 'device'
                else ''
            end,
            bound > 0,
            l.device is not null
        from link as l
            left join party as p on p.code = l.party
        where l.id = link_id;
end
$$;
