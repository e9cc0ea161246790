-- Question: who gave an issue to whom, and why, in the words kept then?
-- In: issue (its number, as text). Out: name (of the step), at, person, detail, reason ('' where the
--   acting person may not read the words of the issue); the oldest first.
-- Index used: event_subject.
select
    e.name, e.at, e.person, e.detail,
    case
        when not row_security_active('issue') or acting_reads(e.subject::bigint)
            then coalesce(e.detail -> 'order' ->> 'reason', '')
        else ''
    end as reason
from event as e
where e.noun = 'issue' and e.subject = :issue
    and e.name in ('send', 'resend', 'rule', 'settle', 'hand_over')
order by e.id
