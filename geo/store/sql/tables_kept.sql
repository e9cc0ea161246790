-- Question: which tables are ours, to be kept in a backup?
-- In: nothing. Out: name, as a statement takes it; by name. PostGIS's own come with the extension;
--   what has no log (who has a plan open, counts of a minute) is of the moment alone.
-- Index used: none.
select format('%I.%I', n.nspname, c.relname) as name
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r'
    and c.relpersistence = 'p'
    and n.nspname in ('public', 'queue')
    and not exists (
        select from pg_depend as d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by name
