-- Question: whose parent is not there, or is themselves by a roundabout way?
-- In: pg_temp.link and pg_temp.chain of refresh_paths.sql. Out: code of the parent, in order.
-- Index used: the primary key of area, for the few found.
select distinct a.parent
from pg_temp.link join area as a on a.id = link.id
where link.id not in (select id from pg_temp.chain)
order by 1
