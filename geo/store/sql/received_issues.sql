-- Question: what was answered when these issues came in, and is their content the same?
-- In: rows, as in receive_issues.sql. Out: n (the row's place, from 0), the issue's row, and `same`;
--   none of those the person may not see. Nothing is the same for who only sees it, having neither
--   received it nor dispatching there: who reported it could be found out by trying telephones.
-- A position that was found by the address, or chosen, is no part of the content: `given` is, or none.
-- Index used: issue_reference.
select
    r.ordinality - 1 as n, i.id, i.grid, i.community, i.subdistrict, i.lane, i.path,
    i.grid_revision, i.admin_revision, i.received_at,
    row(
        i.service, i.text, i.address, i.reported_at, i.due_at, i.accuracy_m,
        i.reporter, i.against, i.confidential,
        coalesce(i.given, case when i.located_by = '' then i.geom end)
    ) is not distinct from row(
        r.service, r.text, r.address, r.reported_at, r.due_at, r.accuracy_m,
        r.reporter, r.against, r.confidential,
        case when r.located_by = '' then r.geom end
    )
    and (
        not row_security_active('issue')
        or i.received_by = (select acting_writer())
        or i.path && (select duty_codes('{dispatcher}'))
        or (i.path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    ) as same
from json_populate_recordset(null::issue, cast(:rows as json)) with ordinality as r
    join issue as i on i.source = r.source and i.reference = r.reference
order by r.ordinality
