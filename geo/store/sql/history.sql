-- Question: what happened to a thing, in the words that the acting person may read?
-- In: noun, subject; issue (its number, where the noun is issue, else null).
-- Out: id, name, detail, person, at; the oldest first. Reasons and results are left out of steps that
--   are about tasks of others alone; of a confidential issue, but for those who handle it, verify or
--   rule there.
-- Index used: event_subject; the keys of said and task.
with may as materialized (
    select
        cast(:issue as bigint) is null or not row_security_active('issue') as everything,
        acting_reads(cast(:issue as bigint))
            or exists (
                select from issue as i
                where i.id = cast(:issue as bigint)
                    and i.path && (select duty_codes('{checker,approver}'))
            ) as words
)
select
    e.id, e.name,
    case
        when may.everything or (may.words and own.seen) then told_of_event(e.detail, said.words)
        else jsonb_set(
            e.detail - array['tasks', 'said'], '{order}',
            coalesce(e.detail -> 'order', '{}') - array['reason', 'result', 'route'], false
        )
    end as detail,
    e.person, e.at
from event as e
    left join said on said.event = e.id
    cross join may
    cross join lateral (
        select
            coalesce(e.detail -> 'tasks', '{}') = '{}'
            or exists (
                select from task as t
                where t.issue = cast(:issue as bigint) and e.detail -> 'tasks' ? t.id::text
            ) as seen
    ) as own
where e.noun = :noun and e.subject = :subject
order by e.id
