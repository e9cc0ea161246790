-- Question: for whom may the acting person open and close accounts?
-- In: party and duty of today; :party, or null for everybody. Out: codes of persons all of whose
--   duties lie inside what the person administers: nobody resets the password of somebody above.
--   A duty on no area is the whole city's.
-- Index used: the key of party; duty_party; area_code_now.
with held as materialized (
    select party, coalesce(net, 'admin') as net, area
    from duty
    where (cast(:party as text) is null or party = :party)
        and valid_from <= current_date
        and (valid_to is null or valid_to > current_date)
)
select p.code
from party as p
where p.kind = 'person'
    and p.ended_on is null
    and (cast(:party as text) is null or p.code = :party)
    and exists (select from unnest(duty_codes('{administrator}')) limit 1)
    and not exists (
        select from held as d
            left join area as a on a.code = d.area and a.net = d.net and a.valid_to is null
        where d.party = p.code
            and not coalesce(
                a.path && (select duty_codes('{administrator}')),
                exists (
                    select from area as top
                    where top.code = any ((select duty_codes('{administrator}'))::text[])
                        and top.net = 'admin' and top.parent is null and top.valid_to is null
                )
            )
    )
order by p.code
