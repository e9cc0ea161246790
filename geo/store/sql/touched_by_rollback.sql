-- Question: which areas come back and which end when a revision is taken back?
-- In: net, number (the revision). Out: pg_temp.touched as retire_and_add_areas.sql wants it; what
--   comes back lies under its parent as that stands now.
-- Index used: area_code_history by net; area_code_now.
create temporary table touched on commit drop as
with before as (select * from area where net = :net and valid_to = :number),
after as (
    -- As the revision left them: what changed them since has been taken back.
    select *
    from area
    where net = :net
        and valid_to is null
        and code in (select code from area where net = :net and valid_from = :number)
)
select
    cast(:net as text) as net,
    before.kind,
    before.code,
    before.name,
    before.parent,
    before.rule,
    before.special,
    before.class,
    case
        when before.code is null then after.path
        when above.path is null then before.path
        else above.path || before.path[cardinality(before.path)]
    end as path,
    before.geom,
    after.id as old,
    after.code as old_code
from before
    full join after on before.code = after.code
    left join area as above
        on above.net = 'admin' and above.code = before.parent and above.valid_to is null
