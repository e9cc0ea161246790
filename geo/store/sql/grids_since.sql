-- Question: which grids in force are others than they were at a revision?
-- In: since (a revision of the net grid), reach (degrees).
-- Out: as areas_in_force.sql; those that began since, and those within reach of their boxes, on whose
--   edges they may have put corners.
-- Index used: area_code_now; area_grid_geom_now for those beside.
-- The box is a column: under row-level security && finds the index by a plain value only, and each
--   changed grid was held against all grids.
with fresh as materialized (
    select id, ST_Expand(geom, :reach) as box
    from area
    where net = 'grid' and valid_to is null and valid_from > :since
),
changed as materialized (
    select id from fresh
    union
    select a.id
    from fresh join area as a on a.geom && fresh.box
    where a.net = 'grid' and a.valid_to is null
)
select
    net, kind, code, name, parent, rule, special, class,
    ST_AsBinary(geom) as geometry, valid_from, valid_to
from changed join area using (id)
order by code
