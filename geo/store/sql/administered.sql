-- Question: for whom may the acting person open and close accounts?
-- In: party and duty of today; :party, or null for everybody. Out: codes of persons all of whose
--   duties lie inside what the person administers: nobody resets the password of somebody above.
--   A duty on no area is the whole city's.
-- Index used: the key of party; duty_party; area_current.
select p.code
from party as p
where p.kind = 'person'
    and p.ended_on is null
    and (cast(:party as text) is null or p.code = :party)
    and exists (select from unnest(duty_codes('{administrator}')) limit 1)
    and not exists (
        select from duty as d
            left join area as a
                on a.code = d.area and a.net = coalesce(d.net, 'admin') and a.valid_to is null
        where d.party = p.code
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date)
            and not coalesce(
                a.path && duty_codes('{administrator}'),
                exists (
                    select from area as top
                    where top.code = any (duty_codes('{administrator}'))
                        and top.net = 'admin' and top.parent is null and top.valid_to is null
                )
            )
    )
order by p.code
