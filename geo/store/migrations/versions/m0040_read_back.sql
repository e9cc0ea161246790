-- Question: how is a dump of the database read back?
-- In: the trigger of m0023. Out: the same, its shapes compared as bytes: pg_restore works without a search
--   path, where PostGIS's own "=" is not found, and "is distinct from" cannot name it.
-- Index used: none.
drop trigger issue_counted_again on issue;
create trigger issue_counted_again after update of state, geom, path, subdistrict on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or ST_AsBinary(old.geom) is distinct from ST_AsBinary(new.geom)
        or old.path is distinct from new.path
        or old.subdistrict is distinct from new.subdistrict
    )
    execute function count_issue_again();
