-- Question: what does the acting person have to know of its work now?
-- In: nothing but who acts. Out: kind, task, issue, since: sent to it, due soon, overdue, returned to
--   who sent it, a ruling wanted, a whistle to sign, urged or ordered since it was sent, an appeal to
--   rule on; and when it was read, if it was. One that comes again later is another one, not yet read.
-- Index used: task_party, task_path, task_unsigned, task_appealed, event_subject; the key of
--   notice_read.
select n.kind, n.task, n.issue, n.since, r.read_at
from (
    select 'sent' as kind, t.id as task, t.issue, t.sent_at as since
    from task as t
    where t.state = 'sent' and t.party = any ((select acting_parties())::text[])
    union all
    select
        case when t.due_at <= now() then 'overdue' else 'due_soon' end, t.id, t.issue,
        case when t.due_at <= now() then t.due_at else t.yellow_at end
    from task as t
    where t.state in ('sent', 'taken', 'returned')
        and t.party = any ((select acting_parties())::text[])
        and t.yellow_at <= now()
    union all
    select
        case when i.returns >= 2 or t.kind in ('whistle', 'joint') then 'ruling' else 'returned' end,
        t.id, t.issue,
        coalesce(
            (
                select max(e.at) from event as e
                where e.noun = 'issue' and e.subject = t.issue::text and e.name = 'return'
            ),
            t.sent_at
        )
    from task as t
        join issue as i on i.id = t.issue
    where t.state = 'returned'
        and case
            when i.returns >= 2 or t.kind in ('whistle', 'joint') then t.path && (select duty_codes('{approver}'))
            else t.made_by = acting_person()
        end
    union all
    select 'to_sign', t.id, t.issue, t.made_at
    from task as t
    where t.kind = 'whistle' and t.signed_by is null and t.state <> 'withdrawn'
        and t.path && (select duty_codes('{approver}'))
    union all
    select case e.name when 'order' then 'ordered' else 'urged' end, t.id, t.issue, max(e.at)
    from task as t
        join event as e
            on e.noun = 'issue' and e.subject = t.issue::text and e.name in ('urge', 'order')
    where t.state in ('sent', 'taken', 'returned', 'held')
        and t.party = any ((select acting_parties())::text[])
        and e.at >= t.sent_at
    group by t.id, t.issue, e.name
    union all
    select
        'appealed', t.id, t.issue,
        coalesce(
            (
                select max(e.at) from event as e
                where e.noun = 'issue' and e.subject = t.issue::text and e.name = 'appeal'
            ),
            t.sent_at
        )
    from task as t
    where t.appealed = 'asked' and t.path && (select duty_codes('{approver}'))
) as n
    left join notice_read as r
        on r.person = acting_person() and r.kind = n.kind and r.task = n.task and r.since = n.since
