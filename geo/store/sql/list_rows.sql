-- Question: what does the responsibility list say, row by row, and what is wrong with each?
-- In: scope (code of an area, the rows on it and inside it; null for all), day (null: today).
-- Out: row_number, service, service_name, net, area, area_name, leads, assists (codes), lead_names,
--   assist_names (words of those nobody knows among them), basis, valid_from, valid_to (the first
--   day it no longer holds), faults (of geo.responsibility.FAULTS); by number. Rows whose time is
--   still to come are there too, those whose time is over are not.
-- Index used: duty_row; area_code_now; the keys of party and service.
with recursive above as (
    select code as start, code, parent from service where parent is not null
    union all
    select a.start, s.code, s.parent from above as a join service as s on s.code = a.parent
) cycle code set circle using way,
circles as (select distinct start from above where circle),
held as (
    select
        d.*, coalesce(p.name, d.said ->> 'party') as party_name,
        coalesce(p.ended_on <= coalesce(cast(:day as date), current_date), false) as ended,
        d.valid_from <= coalesce(cast(:day as date), current_date) as begun
    from duty as d left join party as p on p.code = d.party
    where d.service is not null
        and (d.valid_to is null or d.valid_to > coalesce(cast(:day as date), current_date))
),
clashing as (
    select service, coalesce(net, 'admin') as net, area
    from held
    where lead and begun and not ended and party is not null and area is not null
    group by service, coalesce(net, 'admin'), area
    having count(distinct party) > 1
),
listed as (
    select
        row_number, service, coalesce(net, 'admin') as net, area,
        coalesce(array_agg(party order by party) filter (where lead and party is not null), '{}')
            as leads,
        coalesce(
            array_agg(party order by party) filter (where not lead and party is not null), '{}'
        ) as assists,
        string_agg(party_name, '、' order by party) filter (where lead) as lead_names,
        string_agg(party_name, '、' order by party) filter (where not lead) as assist_names,
        min(said ->> 'area') as area_said,
        min(said ->> 'scope') as scope_said,
        max(basis) as basis,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to,
        bool_or(ended) as ended,
        bool_or(party is null and said ? 'party') as strange,
        bool_or(lead and (party is not null or said ? 'party')) as led
    from held
    group by row_number, service, coalesce(net, 'admin'), area
)
select
    l.row_number, l.service, s.name as service_name, l.net, l.area,
    coalesce(a.name, l.area_said, l.area) as area_name,
    l.leads, l.assists, l.lead_names, l.assist_names, l.basis, l.valid_from, l.valid_to,
    array_remove(
        array[
            case when l.strange then 'party-unknown' end,
            case when l.ended then 'party-ended' end,
            case when not l.led then 'lead-missing' end,
            case when c.service is not null then 'leads-clash' end,
            case when l.area is null then 'area-unknown' when a.code is null then 'area-ended' end,
            case when s.code is null then 'service-unknown' end,
            case when r.start is not null then 'service-circle' end
        ],
        null
    ) as faults
from listed as l
    left join service as s on s.code = l.service
    left join area as a on a.net = l.net and a.code = l.area and a.valid_to is null
    left join clashing as c on c.service = l.service and c.net = l.net and c.area = l.area
    left join circles as r on r.start = l.service
where cast(:scope as text) is null
    or a.path @> array[cast(:scope as text)]
    or l.scope_said = :scope
order by l.row_number, l.service, l.area
