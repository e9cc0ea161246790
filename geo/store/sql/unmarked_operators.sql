-- Question: which of the two operators may an index not answer under row-level security?
-- In: PostGIS, or a database that has none yet. Out: the command that marks one, as an administrator
--   runs it in this database. Each name is that of one function.
-- Index used: none.
select format('ALTER FUNCTION %s LEAKPROOF', oid::regprocedure) as command
from pg_proc
where not proleakproof and proname in ('geometry_overlaps', 'arraycontains')
order by command
