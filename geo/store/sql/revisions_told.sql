-- Question: which revisions of a net are there, and which of them may the acting person take back?
-- In: net. Out: columns of revision, newest first; approves: the person approves where it was made;
--   again: if so, codes in order of what is no longer as it left it (changed_again.sql), ten at most.
-- Index used: area_code_history by net, then by code; area_code_now.
with touched as materialized (
    select valid_from as number, code from area where net = :net
    union
    select valid_to, code from area where net = :net and valid_to is not null
)
select
    r.number,
    r.kind,
    r.scope,
    r.plan,
    r.undoes,
    r.effective_on,
    r.made_by,
    r.made_at,
    may.approves,
    coalesce(changed.again, '{}') as again
from revision as r
    cross join lateral (
        select coalesce(r.path && (select duty_codes('{approver}')), false) as approves
    ) as may
    left join lateral (
        select (array_agg(later.code order by later.code))[1:10] as again
        from (select distinct code from touched where touched.number > r.number) as later
            left join touched as own on own.number = r.number and own.code = later.code
            left join area as then_
                on then_.net = r.net and then_.code = later.code and then_.valid_from <= r.number
                    and (then_.valid_to is null or then_.valid_to > r.number)
            left join area as now_
                on now_.net = r.net and now_.code = later.code and now_.valid_to is null
        where may.approves
            and (own.code is not null or r.scope = any(then_.path) or r.scope = any(now_.path))
            and then_.id is distinct from now_.id
            and row(
                then_.code, then_.kind, then_.name, then_.parent, then_.rule, then_.special,
                then_.class, then_.geom
            ) is distinct from row(
                now_.code, now_.kind, now_.name, now_.parent, now_.rule, now_.special,
                now_.class, now_.geom
            )
    ) as changed on true
where r.net = :net
order by r.number desc
