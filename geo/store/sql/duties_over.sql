-- Question: who holds which duty over what a path leads to, today?
-- In: path (codes from the top area down; other nets' codes carry their net's name), services.
-- Out: party, role, area (as in the path), service, lead; duties of other services are left out.
-- Index used: duty_area.
select d.party, d.role, p.code as area, d.service, d.lead
from unnest(cast(:path as text[])) as p (code)
    join duty as d
        on d.area = substring(p.code from '[^:]*$')
        and case when coalesce(d.net, 'admin') in ('admin', 'grid') then d.area
            else d.net || ':' || d.area end = p.code
where d.valid_from <= current_date
    and (d.valid_to is null or d.valid_to > current_date)
    and (d.service is null or d.service = any (cast(:services as text[])))
order by p.code, d.party, d.role
