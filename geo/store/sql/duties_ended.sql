-- Question: which duties has a revision ended with the special grid they were held on?
-- In: net; pg_temp.ending (of duties_follow.sql). Out: area, its name, role, party, its name, service,
--   its name, row of the list; by area, row, role, party.
-- Index used: the keys of duty, party and service; area_code_history.
select
    d.area, gone.name as area_name, d.role, d.party, coalesce(p.name, d.said ->> 'party') as party_name,
    d.service, s.name as service_name, d.row_number
from pg_temp.ending as e
    join duty as d on d.id = e.id
    left join party as p on p.code = d.party
    left join service as s on s.code = d.service
    left join lateral (
        select a.name from area as a
        where a.net = :net and a.code = d.area
        order by a.valid_from desc
        limit 1
    ) as gone on true
where e.new is null
order by d.area, d.row_number nulls first, d.role, d.party
