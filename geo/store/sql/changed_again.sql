-- Question: which areas that a revision touched, or that lie in its scope, are no longer as it left them?
-- In: net, number (the revision). Out: code, in order. What was changed and taken back is the same.
-- Index used: area_code_history by net; area_path by scope.
with touched as materialized (
    select distinct code from area where net = :net and :number in (valid_from, valid_to)
),
undone as (
    select scope from revision where net = :net and number = :number
),
near as (
    select a.*
    from area as a
    where a.net = :net
        and (
            a.code in (select code from touched)
            or a.path @> array[(select scope from undone)]
        )
),
then_ as (
    select code, kind, name, parent, rule, special, class, geom
    from near
    where valid_from <= :number and (valid_to is null or valid_to > :number)
),
now_ as (
    select code, kind, name, parent, rule, special, class, geom from near where valid_to is null
)
select coalesce(then_.code, now_.code) as code
from then_ full join now_ using (code)
where row(then_.*) is distinct from row(now_.*)
order by 1
