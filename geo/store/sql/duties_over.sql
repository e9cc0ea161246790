-- Question: who holds which duty over what a path leads to, today?
-- In: path (codes from the top area down; other nets' codes carry their net's name), services.
-- Out: party, role, area (as in the path; '': a row of the list for which nobody could say where),
--   service, lead, row_number, basis, fault (of geo.routing.FAULTS, or null); duties of other
--   services are left out.
-- Index used: duty_place; duty_unplaced.
with wanted as materialized (  -- the code by itself, so that the index is used
    select p.code, substring(p.code from '[^:]*$') as area
    from unnest(cast(:path as text[])) as p (code)
),
held as (
    select p.code as place, d.*
    from wanted as p
        join duty as d
            on d.area = p.area
            and case when coalesce(d.net, 'admin') in ('admin', 'grid') then d.area
                else d.net || ':' || d.area end = p.code
    where d.service is null or d.service = any (cast(:services as text[]))
    union all
    select '', d.*
    from duty as d
    where d.area is null and d.service = any (cast(:services as text[]))
)
select
    d.party, d.role, d.place as area, d.service, d.lead, d.row_number, d.basis,
    case
        when d.place = '' then 'area-unknown'
        when d.party is null and d.said ? 'party' then 'party-unknown'
        when d.party is null then 'lead-missing'
        when p.ended_on <= current_date then 'party-ended'
    end as fault
from held as d left join party as p on p.code = d.party
where d.valid_from <= current_date
    and (d.valid_to is null or d.valid_to > current_date)
order by d.place, d.party, d.role, d.row_number
