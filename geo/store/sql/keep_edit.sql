-- Question: how do atoms of a draft go to other grids?
-- In: plan; atoms and grids (codes, side by side; null: no grid); touched (codes of grids whose
--   area changes), and of those that remain area_code, _name, _parent, _rule, _special, _households,
--   _shape
--   (well-known bytes). Out: atom.grid, and the draft's areas of those grids.
-- Index used: the primary keys of atom and draft_area.
update atom
set grid = given.grid
from unnest(cast(:atoms as text[]), cast(:grids as text[])) as given (code, grid)
where atom.plan = :plan and atom.code = given.code;
delete from draft_area where plan = :plan and code = any (cast(:touched as text[]));
insert into draft_area (plan, code, name, parent, rule, special, households, geom)
select :plan, a.code, a.name, a.parent, a.rule, a.special, a.households, ST_GeomFromWKB(a.shape, 4326)
from unnest(
        cast(:area_code as text[]),
        cast(:area_name as text[]),
        cast(:area_parent as text[]),
        cast(:area_rule as text[]),
        cast(:area_special as boolean[]),
        cast(:area_households as integer[]),
        cast(:area_shape as bytea[])
    ) as a (code, name, parent, rule, special, households, shape)
