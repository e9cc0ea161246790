-- Question: in which of today's ordinary grids does each atom of a draft lie?
-- In: plan; anew: also where it is known already. Out: atom.previous, by a point inside the atom.
-- Index used: area_grid_geom_now; the primary key of atom. Rows are found again by where they are:
--   of atoms just written no statistics are kept, and a join on their codes would read all for each.
with inner_point as materialized (
    select ctid as place, code, ST_PointOnSurface(geom) as geom
    from atom
    where plan = :plan and (previous is null or :anew)
),
owner as (
    select distinct on (p.code) p.place, p.code, a.code as grid
    from inner_point as p
        left join area as a
            on a.geom && p.geom and a.net = 'grid' and a.valid_to is null and not a.special
            and not ST_Relate(a.geom, p.geom, 'FF*FF****')
    order by p.code, a.code
)
update atom
set previous = owner.grid
from owner
where atom.ctid = owner.place
