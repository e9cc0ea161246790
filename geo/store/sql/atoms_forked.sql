-- Question: what does a fork begin with?
-- In: source and plan (the fork, still empty). Out: its atoms and areas, those of the source.
-- Index used: the primary keys of atom and draft_area.
insert into atom (plan, code, households, within, estate, grid, previous, geom)
select :plan, code, households, within, estate, grid, previous, geom
from atom
where plan = :source;
insert into draft_area (plan, code, name, parent, rule, special, households, geom)
select :plan, code, name, parent, rule, special, households, geom
from draft_area
where plan = :source
