-- Question: whose parent is not there, or is themselves by a roundabout way?
-- In: pg_temp.link and pg_temp.chain of refresh_paths.sql. Out: code of the parent, in order.
-- Index used: none; both are hashed.
select distinct link.parent
from pg_temp.link
where not exists (
    select from pg_temp.chain where chain.net = link.net and chain.code = link.code
)
order by 1
