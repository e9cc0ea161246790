-- Question: which staged issues are there already, with other content?
-- In: pg_temp.staged_issues. Out: key ("source reference"), in order.
-- Index used: issue_reference.
select s.source || ' ' || s.reference as key
from pg_temp.staged_issues as s
    join issue as i on i.source = s.source and i.reference = s.reference
where row(
        i.service, i.text, i.address, i.reported_at, i.due_at, i.accuracy_m,
        i.reporter, i.against, i.confidential,
        coalesce(i.given, case when i.located_by = '' then i.geom end)
    ) is distinct from row(
        s.service, s.text, s.address, s.reported_at, s.due_at, s.accuracy_m,
        s.reporter, s.against, s.confidential,
        case when s.located_by = '' then s.geom end
    )
order by 1
