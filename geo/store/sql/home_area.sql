-- Question: in which area of the admin net does a person begin?
-- In: person. Out: code, one row or none: the smallest area they hold a duty on; else the one that their
--   grid or lane lies in; else where the organisation they belong to answers for something.
-- Index used: duty_party, area_code_now by net and code.
with held as (
    select coalesce(d.net, 'admin') as net, d.area, d.party = :person as is_own
    from duty as d
    where d.party in (:person, (select parent from party where code = :person))
        and d.area is not null
        and d.valid_from <= current_date
        and (d.valid_to is null or d.valid_to > current_date)
)
select a.code
from held as h
    join area as d on d.net = h.net and d.code = h.area and d.valid_to is null
    join area as a on a.net = 'admin' and a.valid_to is null and a.code = any (d.path)
order by h.is_own desc, h.net = 'admin' desc, cardinality(a.path) desc, a.code
limit 1;
