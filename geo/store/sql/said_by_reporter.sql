-- Question: what is kept of one person, who reported issues?
-- In: reporter (the key). Out: one row an issue, the oldest first: issue (its row as JSON, without what the
--   program keeps for itself), answers, tasks, reviews, photos (as JSON).
-- Index used: issue_reporter; answer's key, task_issue, review_issue, attachment_issue.
select
    to_jsonb(i) - array['geom', 'given', 'reporter', 'batch', 'version', 'forgotten_at'] || jsonb_build_object(
        'lon', ST_X(i.geom), 'lat', ST_Y(i.geom)
    ) as issue,
    (
        select coalesce(jsonb_object_agg(a.code, a.value), '{}') from answer as a where a.issue = i.id
    ) as answers,
    (
        select coalesce(jsonb_agg(
            jsonb_build_object('kind', t.kind, 'state', t.state, 'party', t.party, 'result', t.result)
            order by t.id
        ), '[]')
        from task as t where t.issue = i.id
    ) as tasks,
    (
        select coalesce(jsonb_agg(
            jsonb_build_object(
                'solved', r.solved, 'satisfied', r.satisfied, 'text', r.text, 'made_at', r.made_at
            ) order by r.id
        ), '[]')
        from review as r where r.issue = i.id and r.kind = 'call_back'
    ) as reviews,
    (
        select coalesce(jsonb_agg(
            jsonb_build_object('stage', p.stage, 'file', p.stored, 'taken_at', p.taken_at)
            order by p.id
        ), '[]')
        from attachment as p where p.issue = i.id
    ) as photos
from issue as i
where i.reporter = :reporter
order by i.id
