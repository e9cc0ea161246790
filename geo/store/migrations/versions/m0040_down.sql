-- Question: how is the fortieth version taken back?
-- In: the trigger. Out: as m0023 made it.
-- Index used: none.
drop trigger issue_counted_again on issue;
create trigger issue_counted_again after update of state, geom, path, subdistrict on issue
    for each row
    when (
        (old.state = 'closed') is distinct from (new.state = 'closed')
        or old.geom is distinct from new.geom
        or old.path is distinct from new.path
        or old.subdistrict is distinct from new.subdistrict
    )
    execute function count_issue_again();
