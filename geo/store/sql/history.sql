-- Question: what happened to a thing, in the words that the acting person may read?
-- In: noun, subject; issue (its number, where the noun is issue, else null).
-- Out: id, name, detail, person, at; the oldest first. Reasons and results are left out of steps that
--   are about tasks of others alone, and of an issue whose words the person may not read.
-- Index used: event_subject; task's key.
select
    e.id, e.name,
    case
        when cast(:issue as bigint) is null or not row_security_active('issue') or s.shown
            then e.detail
        else jsonb_set(
            e.detail - 'tasks', '{order}',
            coalesce(e.detail -> 'order', '{}') - array['reason', 'result', 'route'], false
        )
    end as detail,
    e.person, e.at
from event as e
    cross join lateral (
        select acting_reads(cast(:issue as bigint))
            and (
                coalesce(e.detail -> 'tasks', '{}') = '{}'
                or exists (
                    select from task as t
                    where t.issue = cast(:issue as bigint)
                        and e.detail -> 'tasks' ? t.id::text
                )
            ) as shown
    ) as s
where e.noun = :noun and e.subject = :subject
order by e.id
