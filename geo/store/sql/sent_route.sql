-- Question: who gave an issue to whom, or called whom to it, and why, in the words kept then?
-- In: issue (its number, as text). Out: name (of the step), at, person, detail, reason (of a
--   confidential issue '', but for those who handle it, verify or rule there); the oldest first.
-- Index used: event_subject; the key of said.
with may as materialized (
    select
        not row_security_active('issue')
        or acting_reads(cast(:issue as bigint))
        or exists (
            select from issue as i
            where i.id = cast(:issue as bigint)
                and i.path && (select duty_codes('{checker,approver}'))
        ) as words
)
select
    e.name, e.at, e.person, e.detail,
    case when may.words then
        coalesce(told_of_event(e.detail, said.words) -> 'order' ->> 'reason', '') else '' end as reason
from event as e
    cross join may
    left join said on said.event = e.id
where e.noun = 'issue' and e.subject = cast(:issue as text)
    and e.name in (
        'send', 'resend', 'rule', 'settle', 'hand_over', 'escalate', 'whistle', 'sign', 'decline', 'joint'
    )
order by e.id
