-- Question: how do located issues become issues?
-- In: pg_temp.located; batch. Out: issue rows, frozen with the areas and revisions of now.
-- Index used: issue_reference.
insert into issue (
    source, reference, service, text, address, reported_at, due_at, accuracy_m, geom,
    grid, community, subdistrict, lane, path, grid_revision, admin_revision, batch, received_by
)
select
    source, reference, service, text, address, reported_at, due_at, accuracy_m, geom,
    grid, community, subdistrict, lane, path,
    coalesce((select number from net where name = 'grid'), 0),
    coalesce((select number from net where name = 'admin'), 0),
    :batch,
    coalesce(acting_person(), '')
from pg_temp.located
order by id
on conflict (source, reference) do nothing
