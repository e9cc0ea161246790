-- Question: which tasks are still to be done in working time, and since when does their rest run?
-- In: nothing. Out: id, start (now; of what is held, since when), due_at, yellow_at, by_source
--   (whether the source, or whoever wrote it down, set when it is due). None that is due already, or
--   counts plain days.
-- Index used: none; it is asked once a year, when a calendar is taken in.
select
    t.id, greatest(t.sent_at, coalesce(t.held_at, now())) as start, t.due_at, t.yellow_at,
    case when t.issue is null then t.due_given else t.due_at is not distinct from i.due_at end
        as by_source
from task as t
    left join issue as i on i.id = t.issue
    left join service as s on s.code = i.service
where t.state in ('drafted', 'sent', 'taken', 'returned', 'held')
    and t.due_at > greatest(t.sent_at, coalesce(t.held_at, now()))
    and t.yellow_at is not null
    and coalesce(s.calendar, 'working') = 'working'
order by t.id
