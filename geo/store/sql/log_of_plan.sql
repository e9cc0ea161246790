-- Question: what has happened to a plan, and to those it was forked from until then?
-- In: plan; name (of the events asked for) or null. Out: plan, id, name, detail, person, at; the
--   oldest first.
-- Index used: event_subject; the primary key of plan. The subject is a column: under row-level security
--   what is reckoned of another row finds no index, and the events of all plans were read.
with recursive line as (
    select id as plan, cast(id as text) as subject, forked_from, cast(null as bigint) as until
    from plan
    where id = :plan
    union all
    select
        p.id,
        cast(p.id as text),
        p.forked_from,
        (
            select min(e.id)
            from event as e
            where e.noun = 'plan' and e.subject = (select line.subject)
        )
    from line join plan as p on p.id = line.forked_from
)
select line.plan, e.id, e.name, e.detail, e.person, e.at
from line
    join event as e
        on e.noun = 'plan'
        and e.subject = (select line.subject)
        and (line.until is null or e.id < line.until)
where cast(:name as text) is null or e.name = :name
order by e.id
