-- Question: which areas of a scope differ from what they were at a revision? Not by a corner more on an
--   edge, nor by a strip of a tenth of a millimetre (touched_by_plan.sql has the same).
-- In: net, scope (code of an admin area), base (revision). Out: code, in order.
-- Index used: area_path by scope.
with then_ as (
    select code, kind, name, parent, rule, special, class, geom
    from area
    where net = :net and path @> array[cast(:scope as text)]
        and valid_from <= :base and (valid_to is null or valid_to > :base)
),
now_ as (
    select code, kind, name, parent, rule, special, class, geom
    from area
    where net = :net and path @> array[cast(:scope as text)] and valid_to is null
)
select coalesce(then_.code, now_.code) as code
from then_ full join now_ using (code)
where row(then_.kind, then_.name, then_.parent, then_.rule, then_.special, then_.class)
    is distinct from row(now_.kind, now_.name, now_.parent, now_.rule, now_.special, now_.class)
    or (
        then_.geom is distinct from now_.geom
        and ST_Area(ST_SymDifference(then_.geom, now_.geom))
        > 0.0001 / 111320 * least(ST_Perimeter(then_.geom), ST_Perimeter(now_.geom))
    )
order by 1
