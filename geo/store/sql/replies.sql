-- Question: what is answered to a source about its issues that are over?
-- In: source; since, until (instants of closing, until excluded) or null.
-- Out: id, root (the issue that was handled: where it was merged, the one it went into at last),
--   outcome (of the root), reply (results of its leading tasks; else what was answered or the reason
--   given), parties (codes), person, closed_at, solved, satisfied (as its own reporter said, else as
--   said of the root); by id. What its source had closed before it came in is not answered to it. What was merged is answered when the root is over; what is
--   confidential by those who may read it.
-- Index used: issue_reference for the source; task_issue; event_subject; the key of said.
with recursive chain as (
    select i.id, i.id as root, i.merged_into
    from issue as i
    where i.source = :source and i.state = 'closed'
        and (not i.confidential or not row_security_active('issue') or acting_reads(i.id))
    union
    select c.id, r.id, r.merged_into
    from chain as c
        join issue as r on r.id = c.merged_into
),
over as (
    select c.id, r.id as root, r.outcome
    from chain as c
        join issue as r on r.id = c.root
    where r.merged_into is null and r.state = 'closed'
)
select
    o.id, o.root, o.outcome,
    coalesce(
        nullif(t.reply, ''), c.detail -> 'order' ->> 'result', c.detail -> 'order' ->> 'reason', ''
    ) as reply,
    coalesce(t.parties, '{}') as parties,
    coalesce(t.person, c.person) as person,
    c.at as closed_at,
    v.solved, v.satisfied
from over as o
    left join lateral (
        select
            string_agg(nullif(task.result, ''), '；' order by task.id) as reply,
            array_agg(task.party order by task.id) as parties,
            max(task.finished_by) as person
        from task
        where task.issue = o.root and task.lead and task.state = 'closed'
    ) as t on true
    left join lateral (
        select e.at, e.person, e.name, told_of_event(e.detail, said.words) as detail
        from event as e left join said on said.event = e.id
        where e.noun = 'issue' and e.subject = (select o.root::text)
            and e.detail -> 'issue' ->> 'state' = 'closed'
        order by e.id desc
        limit 1
    ) as c on true
    left join lateral (
        select r.solved, r.satisfied
        from review as r
        where r.kind = 'call_back' and r.issue in (o.id, o.root)
        order by r.issue = o.id desc, r.id desc
        limit 1
    ) as v on true
where c.name is distinct from 'closed_before'
    and (cast(:since as timestamptz) is null or c.at >= :since)
    and (cast(:until as timestamptz) is null or c.at < :until)
order by o.id
