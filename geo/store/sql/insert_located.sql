-- Question: how do located issues become issues?
-- In: pg_temp.unlocated; pg_temp.staged_owners (id, grid, community, subdistrict, lane: codes; sent:
--   the number of the order by which a rule sends it, or its source closed it, or null);
--   pg_temp.staged_orders (sent, state, outcome); batch, grid_revision,
--   admin_revision (of the nets, locked).
-- Out: issue rows, frozen with the areas and revisions of now; path as in grid_of_point.sql.
--   Rows of pg_temp.arrived: their number as issues (issue), grid, path, sent, of those sent.
-- Index used: issue_reference; areas in force are hashed, for all are asked about.
with stored as (
    insert into issue (
        source, reference, service, text, address, reported_at, due_at, accuracy_m,
        reporter, against, confidential, located_by, located_as, located_score, geom,
        grid, community, subdistrict, lane, path, grid_revision, admin_revision, batch, state,
        outcome, version, received_by
    )
    select
        u.source, u.reference, u.service, u.text, u.address, u.reported_at, u.due_at, u.accuracy_m,
        u.reporter, u.against, u.confidential, u.located_by, u.located_as, u.located_score,
        u.geom, o.grid, o.community, o.subdistrict, o.lane,
        case
            when grid.path @> coalesce(community.path, subdistrict.path, '{}') then grid.path
            else coalesce(community.path, subdistrict.path, '{}')
                || array_remove(array[o.grid], null)
        end || case when o.lane is null then '{}' else array['lane:' || o.lane] end,
        :grid_revision,
        :admin_revision,
        :batch,
        coalesce(how.state, 'new'),
        how.outcome,
        case when o.sent is null then 1 else 2 end,
        coalesce(acting_person(), '')
    from pg_temp.unlocated as u
        join pg_temp.staged_owners as o on o.id = u.id
        left join pg_temp.staged_orders as how on how.sent = o.sent
        left join area as grid
            on grid.net = 'grid' and grid.code = o.grid and grid.valid_to is null
        left join area as community
            on community.net = 'admin' and community.code = o.community
            and community.valid_to is null
        left join area as subdistrict
            on subdistrict.net = 'admin' and subdistrict.code = o.subdistrict
            and subdistrict.valid_to is null
    order by u.id
    on conflict (source, reference) do nothing
    returning id, source, reference, grid, path
),
arrived as (
    insert into pg_temp.arrived (issue, grid, path, sent)
    select stored.id, stored.grid, stored.path, o.sent
    from stored
        join pg_temp.unlocated as u
            on u.source = stored.source and u.reference = stored.reference
        join pg_temp.staged_owners as o on o.id = u.id
    where o.sent is not null
)
select count(*) from stored
