-- Question: which areas would there be if a draft were in force?
-- In: plan; kind and scope (code of an admin area) or null for all.
-- Out: the columns of AREAS, geometry as well-known bytes, valid_from (null for drawn ones),
--   valid_to (null), households (null for special ones and those beyond the draft's scope, which
--   stay as they are); by code. A special one that a plan it was forked from cut out is the draft's
--   to keep or to give up.
-- Index used: the primary keys of plan and draft_area; area_path.
with recursive before (id) as (
    select cast(:plan as bigint)
    union
    select p.forked_from from before join plan as p on p.id = before.id
    where p.forked_from is not null
)
select
    p.net, 'grid' as kind, d.code, d.name, d.parent, d.rule, d.special, null as class,
    ST_AsBinary(d.geom) as geometry,
    cast(null as integer) as valid_from, cast(null as integer) as valid_to, d.households
from plan as p
    join draft_area as d on d.plan = p.id
    left join area as c
        on c.net = 'admin' and c.code = d.parent and c.valid_to is null
where p.id = :plan
    and (cast(:kind as text) is null or 'grid' = :kind)
    and (cast(:scope as text) is null or c.path @> array[cast(:scope as text)])
union all
select
    a.net, a.kind, a.code, a.name, a.parent, a.rule, a.special, a.class,
    ST_AsBinary(a.geom), a.valid_from, a.valid_to, null
from plan as p
    join area as a on a.net = p.net
where p.id = :plan
    and a.valid_to is null
    and (a.special or not a.path @> array[p.scope])
    and not exists (
        select from draft_area as d
        where d.code = a.code
            and (d.plan = p.id or (d.special and d.plan in (select id from before)))
    )
    and (cast(:kind as text) is null or a.kind = :kind)
    and (cast(:scope as text) is null or a.path @> array[cast(:scope as text)])
order by code
