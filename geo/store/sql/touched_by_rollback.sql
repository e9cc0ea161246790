-- Question: which areas come back and which end when a revision is taken back?
-- In: net, number (the revision). Out: pg_temp.touched as retire_and_add_areas.sql wants it.
-- Index used: area_code_history by net.
create temporary table touched on commit drop as
with before as (select * from area where net = :net and valid_to = :number),
after as (select * from area where net = :net and valid_from = :number)
select
    cast(:net as text) as net,
    before.kind,
    before.code,
    before.name,
    before.parent,
    before.rule,
    before.special,
    before.class,
    before.path,
    before.geom,
    after.id as old,
    after.code as old_code
from before full join after on before.code = after.code
