-- Question: what does nobody own: with a subdistrict only until the district rules, or with nobody?
-- In: scope (code of an area; '' for what lies nowhere; null for all). Out: kind (provisional,
--   unclaimed), issue, reference, source, service, service_name, district, subdistrict (codes, with
--   their names), grid_name, community_name, task, party, party_name (who has it meanwhile), state,
--   since, faults (of the chain it was sent by: why no rule answered); text and address of what is
--   confidential only for whoever may read them; the oldest first.
-- Index used: task_provisional; issue_unclaimed; event_subject.
with nobodys as (
    select 'provisional' as kind, t.issue, t.id as task, t.party, t.state, t.made_at as since
    from task as t
    where t.provisional and t.lead and t.state not in ('closed', 'withdrawn')
    union all
    select 'unclaimed', i.id, null, null, i.state, i.received_at
    from issue as i
    where i.path = '{}' and i.state = 'new'
)
select
    n.kind, n.issue, i.reference, i.source, i.service, s.name as service_name,
    d.code as district, d.name as district_name, i.subdistrict, a.name as subdistrict_name,
    g.name as grid_name, c.name as community_name,
    case when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    n.task, n.party, p.name as party_name, n.state, n.since,
    coalesce(
        (
            select jsonb_path_query_array(e.detail, '$.order.route[*].faults[*]')
            from event as e
            where e.noun = 'issue' and e.subject = (select n.issue::text) and e.name = 'send'
            order by e.id desc
            limit 1
        ),
        '[]'
    ) as faults
from nobodys as n
    join issue as i on i.id = n.issue
    cross join lateral (
        select not i.confidential or not row_security_active('issue') or acting_reads(i.id) as words
    ) as read
    left join service as s on s.code = i.service
    left join party as p on p.code = n.party
    left join area as a on a.net = 'admin' and a.code = i.subdistrict and a.valid_to is null
    left join area as c on c.net = 'admin' and c.code = i.community and c.valid_to is null
    left join area as g on g.net = 'grid' and g.code = i.grid and g.valid_to is null
    left join area as d
        on d.net = 'admin' and d.kind = 'district' and d.code = any (i.path) and d.valid_to is null
where cast(:scope as text) is null
    or (:scope = '' and i.path = '{}')
    or (:scope <> '' and i.path @> array[cast(:scope as text)])
order by n.since, n.issue
