-- Question: which tasks are held, or asked to be, and when are they looked at again?
-- In: scope (code of an area; null for all). Out: issue, reference, service, service_name, district,
--   subdistrict (codes, with their names), grid_name, community_name, task, party, party_name, state
--   (held; taken: only asked for), held_at, review_on, overdue (whether that day is past); text and
--   address of what is confidential only for whoever may read them; the first to review first.
-- Index used: task_held, task_waiting.
select
    i.id as issue, i.reference, i.service, s.name as service_name,
    d.code as district, d.name as district_name, i.subdistrict, a.name as subdistrict_name,
    g.name as grid_name, c.name as community_name,
    case when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    t.id as task, t.party, p.name as party_name, t.state, t.held_at, t.review_on,
    coalesce(t.review_on < current_date, false) as overdue
from task as t
    join issue as i on i.id = t.issue
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
where (t.state = 'held' or (t.state = 'taken' and t.asked = 'hold'))
    and (cast(:scope as text) is null or i.path @> array[cast(:scope as text)])
order by t.review_on nulls last, i.id
