-- Question: which issues does a board look at? The beginning of every question of a board.
-- In: scope and area (codes of areas they lay in at intake, '' for those nobody owns), service (or one
--   above it), source, state, is_open, since and until (instants between which they were reported, or
--   else received), words (in reference, address or text), card (yellow, red), warned_by (an instant: what
--   is due until then without a task is due soon); null for all. now.
--   What lies nowhere is in the queue 'unclaimed' of every scope, for whoever may see it.
-- Out: chosen (id, geom, at, state, path, grid, community, subdistrict, lane, service, source, reporter,
--   due_at, card); red is overdue, yellow due soon, while the clock runs.
-- Index used: issue_came of a period (decision 21), task_running; issue_open of a queue, where nothing is closed; issue_path,
--   issue_unclaimed; of numbers the keys, and task_issue.
with seen as (
    select
        i.id, i.geom, coalesce(i.reported_at, i.received_at) as at, i.state, i.path, i.grid,
        i.community, i.subdistrict, i.lane, i.service, i.source, i.reporter, i.due_at as source_due
    from issue as i
    where (
            cast(:scope as text) is null
            or (:scope = '' and i.path = '{}')
            or (:scope <> '' and i.path @> array[cast(:scope as text)])
            -- What lies nowhere waits in the queue of every scope: it may be anybody's.
            or (:queue = 'unclaimed' and i.path = '{}')
        )
        and (
            cast(:area as text) is null
            or (:area = '' and i.path = '{}')
            or (:area <> '' and i.path @> array[cast(:area as text)])
        )
        and (
            cast(:only as bigint[]) is null
            or i.id = any (array(select unnest(cast(:only as bigint[]))))
        )
        and (cast(:state as text) is null or i.state = :state)
        and (cast(:queue as text) is null or i.state <> 'closed')
        and (cast(:is_open as boolean) is null or (i.state <> 'closed') = :is_open)
        and (cast(:source as text) is null or i.source = :source)
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
        and (
            cast(:words as text) is null
            or position(:words in lower(i.reference)) > 0
            or (
                (position(:words in lower(i.address)) > 0 or position(:words in lower(i.text)) > 0)
                and (
                    not i.confidential
                    or not row_security_active('issue')
                    or acting_reads(i.id)
                )
            )
        )
),
running as (
    select issue, min(due_at) as due_at, min(yellow_at) as yellow_at
    from task
    where cast(:only as bigint[]) is null
        and lead and state in ('sent', 'taken', 'returned') and issue is not null
    group by issue
),
-- Of a page's issues once: few are expected, and it would be reckoned for each of them again.
running_among as materialized (
    select issue, min(due_at) as due_at, min(yellow_at) as yellow_at
    from task
    where lead and state in ('sent', 'taken', 'returned')
        and issue = any (array(select unnest(cast(:only as bigint[]))))
    group by issue
),
timed as (
    select
        s.*, coalesce(r.due_at, m.due_at, s.source_due) as due_at,
        coalesce(r.yellow_at, m.yellow_at) as yellow_at
    from seen as s
        left join running as r on r.issue = s.id
        left join running_among as m on m.issue = s.id
),
carded as (
    select
        *,
        case
            when state in ('closed', 'held') then null
            when due_at < :now then 'red'
            when coalesce(yellow_at <= :now, due_at <= :warned_by) then 'yellow'
        end as card
    from timed
),
chosen as (
    select *
    from carded
    where (cast(:card as text) is null or card = :card)
        and case cast(:queue as text)
            when 'soon' then card is not null
            when 'unclaimed' then grid is null and state <> 'closed'
            else cast(:queue as text) is null or state = :queue
        end
)
