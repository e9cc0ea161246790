-- Question: what was answered when this issue came in, and is its content the same?
-- In: the issue's columns, lon, lat. Out: its row, and `same`; none when the person may not see it.
-- A position that was found by the address, or chosen, is no part of the content: `given` is, or none.
-- Index used: issue_reference.
select
    id, state, grid, community, subdistrict, lane, path, grid_revision, admin_revision,
    received_at,
    row(service, text, address, reported_at, due_at, accuracy_m, reporter, against,
        confidential, coalesce(given, case when located_by = '' then geom end))
    is not distinct from row(
        cast(:service as text), cast(:text as text), cast(:address as text),
        cast(:reported_at as timestamptz), cast(:due_at as timestamptz),
        cast(:accuracy_m as double precision), cast(:reporter as text), cast(:against as text),
        cast(:confidential as boolean),
        case when :located_by = '' then ST_SetSRID(
            ST_MakePoint(cast(:lon as double precision), cast(:lat as double precision)), 4326
        ) end
    ) as same
from issue
where source = :source and reference = :reference
