-- Question: one person of each role and level around an area: above it, on it, inside it.
-- In: :scope (code of an area), :above (its own chain of codes). Out: role, party, name, area (of an
--   organisation's person its code), area_name; the desks first by level.
-- Index used: area_path, area_code_now by net and code; duty_area; the key of party.
with around as (
    select net, code, name, kind, cardinality(path) as depth
    from area
    where valid_to is null
        and (path @> array[:scope] or (net = 'admin' and code = any (:above)))
),
held as (
    select d.role, d.party, p.name, a.code as area, a.name as area_name, a.kind, a.depth
    from duty as d
        join around as a on a.net = coalesce(d.net, 'admin') and a.code = d.area
        join party as p on p.code = d.party
    where p.kind = 'person'
        and p.ended_on is null
        and d.valid_from <= current_date
        and (d.valid_to is null or d.valid_to > current_date)
),
staffed as (
    select 'department' as role, p.code as party, p.name, o.code as area, o.name as area_name,
        o.kind, a.depth
    from duty as d
        join around as a on a.net = coalesce(d.net, 'admin') and a.code = d.area
        join party as o on o.code = d.party
        join party as p on p.parent = o.code
    where d.role = 'department'
        and p.kind = 'person'
        and p.ended_on is null
        and d.valid_from <= current_date
        and (d.valid_to is null or d.valid_to > current_date)
),
first as (
    select distinct on (role, kind) role, party, name, area, area_name, depth
    from (select * from held union all select * from staffed) as everybody
    order by role, kind, area, party
)
select role, party, name, area, area_name
from first
order by depth, array_position(
    '{planner,dispatcher,checker,approver,department,grid_leader,grid_worker}', role
), role, area;
