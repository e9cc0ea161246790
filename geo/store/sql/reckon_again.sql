-- Question: how are tasks told that they are due, or warned of, at other times?
-- In: rows (a JSON array of id, due_at, yellow_at, told: the two as events tell them). Out: each is
--   changed, its cards are to fall anew where it is due at another time, and an event of its issue,
--   or of the task where it is of none, says so.
-- Index used: the primary keys.
with asked as (
    select id, due_at, yellow_at, told
    from json_to_recordset(cast(:rows as json))
        as r (id bigint, due_at timestamptz, yellow_at timestamptz, told jsonb)
),
changed as (
    update task as t
    set carded = case when t.due_at = r.due_at then t.carded else '' end,
        due_at = r.due_at,
        yellow_at = r.yellow_at,
        version = t.version + 1
    from asked as r
    where t.id = r.id
    returning
        t.id, t.issue, case when t.confidential then '{}' else t.path end as path, r.told
),
seen as (
    update issue as i set version = i.version + 1
    from (select distinct issue from changed) as c
    where i.id = c.issue
)
insert into event (noun, subject, name, detail, path, person)
select
    case when issue is null then 'task' else 'issue' end, coalesce(issue, id)::text, 'reckon',
    jsonb_build_object('tasks', jsonb_build_object(id::text, told)),
    path, coalesce(acting_person(), '')
from changed
order by id
