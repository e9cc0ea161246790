-- Question: which tasks does somebody ask to be struck from the rates, and nobody has ruled on it?
-- In: scope (code of an area; null for all). Out: issue, reference, service, service_name, district,
--   subdistrict (codes, with their names), grid_name, community_name, task, party, party_name, state,
--   reason, since; text and address of what is confidential only for whoever may read them, reason
--   for who verifies and rules there too; the oldest first.
-- Index used: task_appealed; event_subject; the key of said.
select
    i.id as issue, i.reference, i.service, s.name as service_name,
    d.code as district, d.name as district_name, i.subdistrict, a.name as subdistrict_name,
    g.name as grid_name, c.name as community_name,
    case when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    t.id as task, t.party, p.name as party_name, t.state,
    case
        when read.words or i.path && (select duty_codes('{checker,approver}'))
            then told_of_event(asked.detail, asked.words) #>> '{order,reason}'
        else ''
    end as reason,
    asked.at as since
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
    cross join lateral (
        select not i.confidential or not row_security_active('issue') or acting_reads(i.id) as words
    ) as read
    left join service as s on s.code = i.service
    left join party as p on p.code = t.party
    left join area as a on a.net = 'admin' and a.code = i.subdistrict and a.valid_to is null
    left join area as c on c.net = 'admin' and c.code = i.community and c.valid_to is null
    left join area as g on g.net = 'grid' and g.code = i.grid and g.valid_to is null
    left join area as d
        on d.net = 'admin' and d.kind = 'district' and d.code = any (i.path) and d.valid_to is null
where t.appealed = 'asked'
    and (cast(:scope as text) is null or i.path @> array[cast(:scope as text)])
order by asked.at, t.id
