-- Question: which issues of a period would a plan for an area have to carry?
-- In: scope (code of an admin area), since and until (days in the city, the latter included), now
--   (an instant). Out: service, is_open, is_overdue (open, and due before now), lon, lat; grid (for
--   those without a position: where they were sent, else what intake recorded). No text, no person.
-- Index used: issue_path; task_path for those without a position, task_issue.
select
    i.service,
    i.state <> 'closed' as is_open,
    coalesce(i.state <> 'closed' and i.due_at < :now, false) as is_overdue,
    ST_X(i.geom) as lon,
    ST_Y(i.geom) as lat,
    case when i.geom is null then coalesce(sent.area, i.grid) end as grid
from issue as i
    left join lateral (
        select t.area
        from task as t
        where i.geom is null and t.issue = i.id and t.lead and t.state <> 'withdrawn'
        order by t.id desc
        limit 1
    ) as sent on true
where i.id in (
        select u.id from issue as u where u.path @> array[cast(:scope as text)]
        union
        select t.issue
        from task as t join issue as u on u.id = t.issue
        where u.geom is null and t.path @> array[cast(:scope as text)]
    )
    and case when i.reported_at is null then i.received_at else i.reported_at end
        >= cast(:since as date)
    and case when i.reported_at is null then i.received_at else i.reported_at end
        < cast(:until as date) + 1
order by i.id
