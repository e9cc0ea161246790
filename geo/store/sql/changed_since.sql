-- Question: which areas of a scope differ from what they were at a revision?
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
where row(then_.*) is distinct from row(now_.*)
order by 1
