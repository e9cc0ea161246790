-- Question: which tasks does somebody ask to be struck from the rates, and nobody has ruled on it?
-- In: scope (code of an area; null for all). Out: issue, reference, service, service_name, district,
--   subdistrict (codes, with their names), task, party, party_name, state, reason, since; the oldest
--   first.
-- Index used: task_appealed; event_subject; the key of said.
select
    i.id as issue, i.reference, i.service, s.name as service_name,
    d.code as district, d.name as district_name, i.subdistrict, a.name as subdistrict_name,
    t.id as task, t.party, p.name as party_name, t.state,
    told_of_event(asked.detail, asked.words) #>> '{order,reason}' as reason, asked.at as since
from task as t
    join issue as i on i.id = t.issue
    left join lateral (
        select e.detail, said.words, e.at
        from event as e left join said on said.event = e.id
        where e.noun = 'issue' and e.subject = (select i.id::text) and e.name = 'appeal'
            and e.detail -> 'tasks' ? t.id::text
        order by e.id desc
        limit 1
    ) as asked on true
    left join service as s on s.code = i.service
    left join party as p on p.code = t.party
    left join area as a on a.net = 'admin' and a.code = i.subdistrict and a.valid_to is null
    left join area as d
        on d.net = 'admin' and d.kind = 'district' and d.code = any (i.path) and d.valid_to is null
where t.appealed = 'asked'
    and (cast(:scope as text) is null or i.path @> array[cast(:scope as text)])
order by asked.at, t.id
