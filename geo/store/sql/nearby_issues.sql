-- Question: which open issues lie near a point and may be of the same matter?
-- In: lon, lat, accuracy_m (of the point, 0: not known), metres, most, days; service or null (the
--   service, those above it and those below it count, and issues of which it is not known);
--   beside (an issue that is not listed, 0: none); limit.
-- Out: id, source, reference, service, text, address, state, reported_at, received_at, metres, lon,
--   lat, reporter (a key, not to be shown; for dispatchers of the place and who received it); the
--   nearest first. None that is confidential, but for those who may read it.
-- Index used: issue_geom; service's key, upwards and downwards.
with recursive above as (
    select code, parent from service where code = cast(:service as text)
    union
    select s.code, s.parent from service as s join above as a on s.code = a.parent
),
below as (
    select code from service where code = cast(:service as text)
    union
    select s.code from service as s join below as b on s.parent = b.code
),
here as (
    select
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) as geom,
        cos(radians(least(abs(cast(:lat as double precision)), 85))) as narrower
)
select
    i.id, i.source, i.reference, i.service, i.text, i.address, i.state, i.reported_at,
    i.received_at,
    -- Else whoever is complained about could try whose number it was.
    case
        when i.received_by = acting_person() or i.path && (select duty_codes('{dispatcher}'))
            then i.reporter
    end as reporter,
    ST_DistanceSphere(i.geom, h.geom) as metres, ST_X(i.geom) as lon, ST_Y(i.geom) as lat
from here as h
    join issue as i
        on i.geom && ST_Expand(h.geom, :most / 111000.0 / h.narrower, :most / 111000.0)
where i.state <> 'closed' and i.id <> :beside
    and (not i.confidential or not row_security_active('issue') or acting_reads(i.id))
    and coalesce(i.reported_at, i.received_at) > now() - make_interval(days => :days)
    and ST_DistanceSphere(i.geom, h.geom)
        <= least(:metres + :accuracy_m + coalesce(i.accuracy_m, 0), :most)
    and (
        cast(:service as text) is null or i.service is null or i.service = :service
        or i.service in (select code from above) or i.service in (select code from below)
    )
order by metres, i.id desc
limit :limit
