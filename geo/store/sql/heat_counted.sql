-- Question: how many issues, or who reported them, lie in each cell of a part of the map?
-- In: level, and x0 to x1, y0 to y1 of its cells; west, south, east, north around them (degrees);
--   reporters (count each once a cell; who is not known counts as somebody of his own); scope,
--   service (or one above it), source, state (or 'open'), since and until (instants); null for all.
-- Out: x, y, n; by y and x. Index used: issue_geom, issue_came, issue_path.
select x, y, sum(n)::integer as n
from (
    select x, y, case when :reporters then 1 else count(*) end as n
    from (
        select
            cell_x(i.geom, :level) as x,
            cell_y(i.geom, :level) as y,
            case when :reporters then coalesce(i.reporter, '#' || i.id) end as who
        from issue as i
        where i.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
            and (
                cast(:scope as text) is null
                or (:scope = '' and i.path = '{}')
                or (:scope <> '' and i.path @> array[cast(:scope as text)])
            )
            and (cast(:source as text) is null or i.source = :source)
            and (
                cast(:state as text) is null
                or i.state = :state
                or (:state = 'open' and i.state <> 'closed')
            )
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
    ) as seen
    where x between :x0 and :x1 and y between :y0 and :y1
    group by x, y, who
) as told
group by x, y
order by y, x
