-- Question: which areas of its scope does a plan make, change or end? Of special ones those that it, or
--   a plan it was forked from, cut out of its ground: these may end, too. Not one that only a strip of a
--   tenth of a millimetre along its border parts from what it is (geo.comparison.descent has the same),
--   nor one that was brought in without a rule, which is its community's.
-- In: plan. Out: pg_temp.touched as retire_and_add_areas.sql wants it; code null: it ends.
-- Index used: area_path; the primary key of draft_area.
create temporary table touched on commit drop as
with recursive before (id) as (
    select cast(:plan as bigint)
    union
    select p.forked_from from before join plan as p on p.id = before.id
    where p.forked_from is not null
),
own as (
    select d.code from before join draft_area as d on d.plan = before.id where d.special
),
draft as (
    select d.code, d.name, d.parent, d.rule, d.special, d.geom, c.path || d.code as path
    from draft_area as d
        join area as c on c.net = 'admin' and c.code = d.parent and c.valid_to is null
    where d.plan = :plan
),
present as (
    select a.id, a.code, a.name, a.parent, a.rule, a.special, a.geom
    from plan as p
        join area as a on a.net = p.net and a.path @> array[p.scope]
    where p.id = :plan and a.valid_to is null
        and (not a.special or a.code in (select code from own))
)
select
    plan.net,
    'grid' as kind,
    draft.code,
    coalesce(draft.name, '') as name,
    draft.parent,
    draft.rule,
    coalesce(draft.special, false) as special,
    cast(null as text) as class,
    draft.path,
    draft.geom,
    present.id as old,
    present.code as old_code
from plan, draft full join present on present.code = draft.code
where plan.id = :plan
    and (
        row(draft.code, draft.name, draft.parent, draft.rule, draft.special)
        is distinct from row(
            present.code,
            present.name,
            present.parent,
            coalesce(present.rule, draft.rule),
            present.special
        )
        or (
            draft.geom is distinct from present.geom
            and ST_Area(ST_SymDifference(draft.geom, present.geom))
            > 0.0001 / 111320 * least(ST_Perimeter(draft.geom), ST_Perimeter(present.geom))
        )
    )
