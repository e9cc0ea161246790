-- Question: how are issues stored, once each, with the area and revision at intake?
-- In: rows (a JSON array of objects named as columns: what was said, geom as well-known bytes, where
--   it lies, its first state); grid_revision, admin_revision; columns, those of what was said, in
--   the place named.
-- Out: id, source, reference of those that are new; none of what is there already or comes twice.
-- Index used: issue_reference, which makes simultaneous deliveries wait for each other.
insert into issue (
    {columns}, geom, grid, community, subdistrict, lane, path, state,
    grid_revision, admin_revision, version, received_by
)
select
    {columns}, geom, grid, community, subdistrict, lane, path, state,
    :grid_revision, :admin_revision, case state when 'new' then 1 else 2 end,
    coalesce(acting_person(), '')
from json_populate_recordset(null::issue, cast(:rows as json)) with ordinality as r
order by r.ordinality
on conflict (source, reference) do nothing
returning id, source, reference
