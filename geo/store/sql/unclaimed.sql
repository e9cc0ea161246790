-- Question: which open issues lie in no area, or nobody knows where, and how many are there?
-- In: limit. Out: id, source, reference, service, text, address, reported_at, received_at, state,
--   lon, lat, total (of all), the latest first.
-- Index used: issue_unclaimed.
select
    i.id, i.source, i.reference, i.service,
    case when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    i.reported_at, i.received_at, i.state,
    ST_X(i.geom) as lon, ST_Y(i.geom) as lat,
    count(*) over () as total
from issue as i
    cross join lateral (
        select
            not i.confidential or not row_security_active('issue') or acting_reads(i.id) as words
    ) as read
where i.path = '{}' and i.state <> 'closed'
order by i.id desc
limit cast(:limit as bigint)
