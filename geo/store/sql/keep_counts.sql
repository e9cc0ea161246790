-- Question: how do atoms of a draft get other households?
-- In: plan; atoms and households (side by side); touched (codes of their grids).
-- Out: atom.households, and the households of the draft's areas of those grids.
-- Index used: the primary keys of atom and draft_area.
update atom
set households = given.households
from unnest(cast(:atoms as text[]), cast(:households as integer[])) as given (code, households)
where atom.plan = :plan and atom.code = given.code;
update draft_area
set households = summed.households
from (
    select a.grid, sum(a.households) as households
    from atom as a
    where a.plan = :plan and a.grid = any (cast(:touched as text[]))
    group by a.grid
) as summed
where draft_area.plan = :plan and draft_area.code = summed.grid
