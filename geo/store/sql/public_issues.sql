-- Question: which issues may anybody see, and how far are they?
-- In: sources (whose issues are listed); ids, services (lists, or null), reference, since, until
--   (instants, both included), is_open; null for all; limit, start.
-- Out: id, reference, service and its name, state, outcome, text, address, areas, lon, lat, times,
--   agency, media; the latest first.
-- Index used: issue_public; issue_pkey and issue_reference where one is named. The page is chosen
--   first: how far an issue is is looked up for those on it alone.
with chosen as materialized (
    select id
    from public_issue
    where source = any (cast(:sources as text[]))
        and (cast(:ids as bigint[]) is null or id = any (cast(:ids as bigint[])))
        and (cast(:services as text[]) is null or service = any (cast(:services as text[])))
        and (cast(:reference as text) is null or reference = :reference)
        and (cast(:since as timestamptz) is null or requested_at >= :since)
        and (cast(:until as timestamptz) is null or requested_at <= :until)
        and (cast(:is_open as boolean) is null or (state <> 'closed') = :is_open)
    order by requested_at desc, id desc
    limit :limit offset :start
)
select
    id, reference, service, service_name, state, outcome, text, address, community, subdistrict,
    ST_X(geom) as lon, ST_Y(geom) as lat, requested_at, received_at, changed_at, due_at, agency,
    media[1] as media
from public_issue
where id = any (array(select id from chosen))
order by requested_at desc, id desc
