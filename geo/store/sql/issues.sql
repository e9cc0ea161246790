-- Question: which issues may the acting person see, and who holds them?
-- In: scope (code of an area they lay in at intake, '' for those nobody owns), state, source,
--   limit, known_until (an instant: those received before it), service (or one above it), since and
--   until (instants between which they were reported, or else received), only (numbers of issues);
--   null for all.
-- Out: the columns of ISSUES but reporter, geometry as well-known bytes; state, areas at intake, lead task;
--   of what is confidential text, address and against only for those who may read them;
--   the latest first, by when they were reported or else received.
-- Index used: issue_path, issue_unclaimed; task_issue.
with wanted as materialized (  -- numbers first: sorting whole rows takes twice as long
    select i.id
    from issue as i
    where (
            cast(:scope as text) is null
            or (:scope = '' and i.path = '{}')
            or (:scope <> '' and i.path @> array[cast(:scope as text)])
        )
        and (
            cast(:only as bigint[]) is null
            -- By the key, however many: else all that may be seen are read to find some of them.
            or i.id = any (array(select unnest(cast(:only as bigint[]))))
        )
        and (cast(:state as text) is null or i.state = :state)
        and (cast(:source as text) is null or i.source = :source)
        and (cast(:known_until as timestamptz) is null or i.received_at < :known_until)
        and (
            cast(:service as text) is null
            or i.service = :service
            or i.service in (select code from service where parent = :service)
        )
        and (
            cast(:since as timestamptz) is null
            or case when i.reported_at is null then i.received_at else i.reported_at end >= :since
        )
        and (
            cast(:until as timestamptz) is null
            or case when i.reported_at is null then i.received_at else i.reported_at end < :until
        )
    order by coalesce(i.reported_at, i.received_at) desc, i.id desc
    limit cast(:limit as bigint)
),
chosen as materialized (
    select i.* from issue as i where i.id = any (array(select id from wanted))
)
select
    i.source, i.reference, i.service,
    case when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    i.reported_at, i.due_at, i.accuracy_m,
    case when read.words then i.against end as against,
    i.confidential, i.located_by, i.located_as, i.located_score,
    ST_AsBinary(i.geom) as geometry,
    i.id, i.state, i.outcome, i.grid, i.community, i.subdistrict, i.lane,
    i.grid_revision, i.admin_revision, i.received_at,
    t.id as task, t.state as task_state, t.area as task_area, t.party,
    t.due_at as task_due, t.yellow_at as task_yellow
from chosen as i
    cross join lateral (
        select
            not i.confidential or not row_security_active('issue') or acting_reads(i.id) as words
    ) as read
    left join lateral (
        select id, state, party, area, due_at, yellow_at
        from task
        where task.issue = i.id and task.lead and task.state <> 'withdrawn'
        order by id desc
        limit 1
    ) as t on true
order by coalesce(i.reported_at, i.received_at) desc, i.id desc
