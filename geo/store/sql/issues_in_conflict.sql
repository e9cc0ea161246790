-- Question: which staged issues are there already, with other content?
-- In: pg_temp.staged_issues. Out: key ("source reference"), in order.
-- What a file does not say contradicts nothing: lists that we write name no reporters. They do have
--   positions that we found by an address, or that a person chose.
-- Index used: issue_reference.
select s.source || ' ' || s.reference as key
from pg_temp.staged_issues as s
    join issue as i on i.source = s.source and i.reference = s.reference
where row(
        i.service, i.text, i.address, i.reported_at, i.due_at, i.accuracy_m, i.confidential,
        i.reporter, i.against
    ) is distinct from row(
        s.service, s.text, s.address, s.reported_at, s.due_at, s.accuracy_m,
        s.confidential or i.confidential,
        coalesce(s.reporter, i.reporter), coalesce(s.against, i.against)
    )
    or (
        case when s.located_by = '' then s.geom end
            is distinct from coalesce(i.given, case when i.located_by = '' then i.geom end)
        and (i.located_by = '' or s.geom is distinct from i.geom)
    )
order by 1
