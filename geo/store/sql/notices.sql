-- Question: what does the acting person have to know of its work now?
-- In: nothing but who acts. Out: kind, task, issue, since: sent to it, due soon, overdue, returned to
--   who sent it, a whistle to sign, urged or ordered since it was sent; of who approves for a district,
--   a ruling wanted, an appeal to rule on; and when it was read, if it was. One that comes again later is another one, not yet read.
--   Events are asked once for all the tasks that they may be about.
-- Index used: task_party, task_path, task_unsigned, task_appealed, event_subject; the key of
--   notice_read.
with district as (
    select coalesce(array_agg(code), '{}') as codes
    from area
    where net = 'admin' and valid_to is null and kind in ('district', 'city')
        and code = any ((select duty_codes('{approver}'))::text[])
),
held as (
    select id, issue, state, sent_at, due_at, yellow_at
    from task
    where state in ('sent', 'taken', 'returned', 'held')
        and party = any ((select acting_parties())::text[])
),
back as (
    select
        t.id, t.issue, t.sent_at,
        case when i.returns >= 2 or t.kind in ('whistle', 'joint') then 'ruling' else 'returned' end
            as kind
    from task as t
        join issue as i on i.id = t.issue
    where t.state = 'returned'
        and case
            when i.returns >= 2 or t.kind in ('whistle', 'joint')
                then t.path && (select codes from district)
            else t.made_by = acting_person()
        end
),
contested as (
    select id, issue, sent_at
    from task
    where appealed = 'asked' and path && (select codes from district)
),
told as (
    select e.subject::bigint as issue, e.name, max(e.at) as at
    from event as e
    where e.noun = 'issue' and e.name in ('return', 'urge', 'order', 'appeal')
        and e.subject = any (array(
            select issue::text from held where issue is not null
            union
            select issue::text from back
            union
            select issue::text from contested
        ))
    group by e.subject, e.name
)
select n.kind, n.task, n.issue, n.since, r.read_at
from (
    select 'sent' as kind, id as task, issue, sent_at as since
    from held
    where state = 'sent'
    union all
    select
        case when due_at <= now() then 'overdue' else 'due_soon' end, id, issue,
        case when due_at <= now() then due_at else yellow_at end
    from held
    where state <> 'held' and yellow_at <= now()
    union all
    select b.kind, b.id, b.issue, coalesce(e.at, b.sent_at)
    from back as b
        left join told as e on e.issue = b.issue and e.name = 'return'
    union all
    select 'to_sign', t.id, t.issue, t.made_at
    from task as t
    where t.kind = 'whistle' and t.signed_by is null and t.state <> 'withdrawn'
        and t.path && (select duty_codes('{approver}'))
    union all
    select case e.name when 'order' then 'ordered' else 'urged' end, h.id, h.issue, e.at
    from held as h
        join told as e on e.issue = h.issue and e.name in ('urge', 'order') and e.at >= h.sent_at
    union all
    select 'appealed', c.id, c.issue, coalesce(e.at, c.sent_at)
    from contested as c
        left join told as e on e.issue = c.issue and e.name = 'appeal'
) as n
    left join notice_read as r
        on r.person = acting_person() and r.kind = n.kind and r.task = n.task and r.since = n.since
