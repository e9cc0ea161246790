-- Question: how did the issues fare that came in during a period?
-- In: scope (code of an area they lay in at intake; null for all one may see), since, until
--   (instants), party (its leading tasks alone; null for all), zone (of the city, for days).
-- Out: one row an issue: areas at intake, the day it came, its leading task (the latest), whether it was closed as
--   solved, whether by people of the grid alone, and the last call-back, of its own reporter if there
--   is one. An issue merged into another counts as that one does otherwise. `source`, `is_over` (whether it is closed). `struck`: its leading task is not to count; `emergency`: whether
--   somebody had to be on the spot, `on_spot`: whether all who had to were there in time.
-- Index used: issue_came, issue_path; the key of issue; task_issue; review_issue.
with chosen as materialized (
    select
        i.id, i.path, i.grid, i.community, i.subdistrict, i.merged_into,
        cast(coalesce(i.reported_at, i.received_at) at time zone :zone as date) as day
    from issue as i
    where case when i.reported_at is null then i.received_at else i.reported_at end >= :since
        and case when i.reported_at is null then i.received_at else i.reported_at end < :until
        and (cast(:scope as text) is null or i.path @> array[cast(:scope as text)])
)
select
    c.id, c.grid, c.community, c.subdistrict, c.path[2] as district, c.day,
    t.party, t.sent_at, t.taken_at, t.finished_at, t.due_at,
    coalesce(t.self_closed, false) as self_closed, coalesce(t.appealed = 'struck', false) as struck,
    coalesce(t.emergency, false) as emergency, coalesce(t.on_spot, false) as on_spot,
    i.source, i.state = 'closed' as is_over,
    i.state = 'closed' and i.outcome = 'solved' as closed_solved,
    coalesce(t.by_grid, false) as by_grid,
    r.solved, r.satisfied
from chosen as c
    -- Issue by issue: the planner takes the chosen for few, and would compare each with each. The
    -- number is a column: under row-level security a coalesce in a join finds no index.
    cross join lateral (
        select
            case
                when c.merged_into is null then c.id
                else coalesce(
                    (
                        with recursive up (id, next) as (
                            select c.id, c.merged_into
                            union all
                            select above.id, above.merged_into
                            from up join issue as above on above.id = up.next
                        ) cycle id set circle using way
                        select id from up where not circle order by cardinality(way) desc limit 1
                    ),
                    c.id
                )
            end as id
        offset 0
    ) as counted
    join issue as i on i.id = counted.id
    left join lateral (
        with own as materialized (
            select
                id, party, lead, sent_at, taken_at, finished_at, due_at, self_closed, appealed,
                arrive_by, arrived_at
            from task
            where task.issue = i.id and task.state not in ('withdrawn', 'drafted')
        )
        select latest.*, all_of.*
        from (
                select
                    bool_and(
                        exists (select from duty where duty.party = own.party and duty.net = 'grid')
                    ) filter (where lead) as by_grid,
                    bool_or(arrive_by is not null) as emergency,
                    bool_and(arrived_at is not null and arrived_at <= arrive_by)
                        filter (where arrive_by is not null) as on_spot
                from own
            ) as all_of
            left join (
                select party, sent_at, taken_at, finished_at, due_at, self_closed, appealed
                from own
                where lead and (cast(:party as text) is null or party = :party)
                order by id desc
                limit 1
            ) as latest on true
    ) as t on true
    left join lateral (
        select solved, satisfied
        from review
        where review.issue in (c.id, i.id) and review.kind = 'call_back'
        order by review.issue = c.id desc, id desc
        limit 1
    ) as r on true
where cast(:party as text) is null or t.party is not null
order by c.id
