-- Question: who dispatches above whoever holds a task of an issue?
-- In: path (codes from the top area down; other nets' codes carry their net's name), holder,
--   against (parties that may not be the answer). Out: party, of the smallest area above all those
--   the holder has a duty on, kind and name of that area; no row where nobody dispatches there.
-- Index used: duty_place, area_code_now.
with places as materialized (  -- the code by itself, so that the index is used
    select p.code, p.depth, substring(p.code from '[^:]*$') as area
    from unnest(cast(:path as text[])) with ordinality as p (code, depth)
),
held as (
    select p.depth, p.code, d.party, d.role, d.service, d.lead
    from places as p
        join duty as d
            on d.area = p.area
            and case when coalesce(d.net, 'admin') in ('admin', 'grid') then d.area
                else d.net || ':' || d.area end = p.code
    where d.valid_from <= current_date
        and (d.valid_to is null or d.valid_to > current_date)
)
select h.party, a.kind, a.name
from held as h
    join party as p on p.code = h.party
    left join area as a on a.net = 'admin' and a.code = h.code and a.valid_to is null
where h.role = 'dispatcher' and h.service is null
    and (p.ended_on is null or p.ended_on > current_date)
    and h.party <> :holder and h.party <> all (cast(:against as text[]))
    and h.depth < all (select depth from held where party = :holder)
order by h.depth desc, h.lead desc, h.party
limit 1
