-- Question: which departments may be called to an issue, why, and how much have they to do?
-- In: path (codes from the top area down), services (the issue's and those above it, the most special
--   first), most. Out: party, name, above (the organisation over it), lead (by the list for one of
--   the services; null: the list does not name it), row_number, basis, service, area of that row;
--   open and overdue tasks of every kind, minutes until it was on the spot where it was called in (the
--   median of 90 days, or null): those the list names first, who leads before who assists.
-- Index used: duty_place; the key of party; task_party.
with over as (
    select d.party, d.lead, d.row_number, d.basis, d.service, d.area,
        array_position(cast(:services as text[]), d.service) as nearness,
        array_position(cast(:path as text[]), d.area) as depth
    from duty as d
    where d.area = any (cast(:path as text[])) and coalesce(d.net, 'admin') in ('admin', 'grid')
        and d.service is not null and d.party is not null
        and d.valid_from <= current_date and (d.valid_to is null or d.valid_to > current_date)
),
best as (
    select distinct on (party) *
    from over
    order by party, nearness nulls last, depth desc, lead desc, row_number
),
named as (
    select b.*, p.name, above.name as above, b.nearness is not null as suggested
    from best as b
        join party as p on p.code = b.party and (p.ended_on is null or p.ended_on > current_date)
        left join party as above on above.code = p.parent
    where p.kind <> 'person'
)
select
    n.party, n.name, n.above,
    case when suggested then n.lead end as lead,
    case when suggested then n.row_number end as row_number,
    case when suggested then n.basis else '' end as basis,
    case when suggested then n.service end as service,
    case when suggested then n.area end as area,
    coalesce(w.open, 0) as open, coalesce(w.overdue, 0) as overdue, w.minutes
from named as n
    left join whistle_load(array(select party from named)) as w on w.party = n.party
order by suggested desc, case when suggested then n.lead end desc, n.nearness, n.depth desc, n.party
limit :most
