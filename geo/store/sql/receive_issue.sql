-- Question: how is an issue stored, once, with the area and revision at intake?
-- In: the issue's columns, lon, lat, received_by, metric_srid; grid_of_point.sql in the place named.
-- Out: one row when it is new; none when (source, reference) is there already.
-- Index used: issue_reference, which makes simultaneous deliveries wait for each other; those of
--   grid_of_point.sql.
insert into issue (
    source, reference, service, text, address, reported_at, due_at, accuracy_m,
    reporter, against, confidential, located_by, located_as, located_score, geom,
    grid, community, subdistrict, lane, path, grid_revision, admin_revision, received_by
)
select
    :source, :reference, cast(:service as text), :text, :address,
    cast(:reported_at as timestamptz), cast(:due_at as timestamptz),
    cast(:accuracy_m as double precision), cast(:reporter as text), cast(:against as text),
    :confidential, :located_by, cast(:located_as as text),
    cast(:located_score as double precision),
    ST_SetSRID(
        ST_MakePoint(cast(:lon as double precision), cast(:lat as double precision)), 4326
    ),
    l.grid, l.community, l.subdistrict, l.lane, l.path, l.grid_revision, l.admin_revision,
    coalesce(acting_person(), '')
from ({located}) as l
on conflict (source, reference) do nothing
returning
    id, state, grid, community, subdistrict, lane, path, grid_revision, admin_revision, received_at
