-- Question: what does the acting person have to know of its work now?
-- In: nothing but who acts. Out: kind, task, issue, since: sent to it, due soon, overdue, a whistle to
--   sign, urged or ordered since it was sent; returned to, or more time or a hold asked of, whoever
--   sent it, and where that was a rule or somebody who does not dispatch there, whoever does; of who
--   approves for a district, a ruling wanted, an appeal to rule on; and when it was read, if it was.
--   One that comes again later is another one, not yet read.
--   Events are asked once for all the tasks that they may be about.
-- Index used: task_party, task_waiting, task_unsigned, task_appealed, event_subject, duty_party; the
--   key of notice_read.
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
-- Tasks that wait for a word of whoever gave them: theirs to say, or of those who dispatch there.
mine as (
    select t.id, t.issue, t.state, t.kind, t.asked, t.sent_at
    from task as t
    where (t.state = 'returned' or (t.state = 'taken' and t.asked <> ''))
        and t.issue is not null
        and (
            t.made_by = acting_person()
            or t.path && (select duty_codes('{dispatcher}'))
            and not exists (
                select from duty as d
                where d.party = t.made_by and d.role = 'dispatcher' and d.area = any (t.path)
                    and d.valid_from <= current_date
                    and (d.valid_to is null or d.valid_to > current_date)
            )
        )
),
back as (
    select t.id, t.issue, t.sent_at, 'ruling' as kind
    from task as t
        join issue as i on i.id = t.issue
    where (t.state = 'returned' or (t.state = 'taken' and t.asked <> ''))
        and t.state = 'returned' and (i.returns >= 2 or t.kind in ('whistle', 'joint'))
        and t.path && (select codes from district)
    union all
    select t.id, t.issue, t.sent_at, 'returned'
    from mine as t
        join issue as i on i.id = t.issue
    where t.state = 'returned' and i.returns < 2 and t.kind not in ('whistle', 'joint')
),
contested as (
    select id, issue, sent_at
    from task
    where appealed = 'asked' and path && (select codes from district)
),
told as (
    select e.subject::bigint as issue, e.name, max(e.at) as at
    from event as e
    where e.noun = 'issue'
        and e.name in ('return', 'urge', 'order', 'appeal', 'ask_extend', 'ask_hold')
        and e.subject = any (array(
            select issue::text from held where issue is not null
            union
            select issue::text from back
            union
            select issue::text from contested
            union
            select issue::text from mine
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
    select 'asked', m.id, m.issue, coalesce(e.at, m.sent_at)
    from mine as m
        left join told as e on e.issue = m.issue and e.name = 'ask_' || m.asked
    where m.state = 'taken'
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
