-- Question: what waits for a leader's word inside an area, and which departments called there are late?
-- In: scope (code of an area). Out: what (sign, ruling, appeal, asked, late), issue, version, task, kind,
--   lead, state, party, party_name, asked, asked_days, review_on, sent_at, due_at, arrive_by,
--   arrived_at, asker_name (who drafted or sent it), number, service_name, grid_name, community_name,
--   card; text, address and reason (of who asks) of what is confidential only for whoever may read
--   them; what presses most first.
-- Index used: task_for_leaders; the keys of issue, service, party and said; event_subject;
--   area_code_now.
with found as (
    select t.*,
        case
            when t.kind = 'whistle' and t.signed_by is null and t.state <> 'withdrawn' then 'sign'
            when t.appealed = 'asked' then 'appeal'
            when t.state = 'returned' and (i.returns >= 2 or t.kind in ('whistle', 'joint'))
                then 'ruling'
            when t.state = 'taken' and t.asked in ('hold', 'extend') then 'asked'
            when t.kind in ('whistle', 'joint') and t.state in ('sent', 'taken')
                and (t.due_at < now() or (t.arrived_at is null and t.arrive_by < now()))
                then 'late'
        end as what,
        i.version as seen, i.reference as number, i.service as about, i.grid, i.community, i.text as words,
        i.address, i.confidential as secret
    from task as t
        cross join lateral (
            select version, returns, reference, service, grid, community, text, address, confidential
            from issue
            where issue.id = t.issue
            limit 1  -- by its key, of the few tasks that may wait
        ) as i
    where t.path @> array[:scope]
        and (t.state not in ('closed', 'withdrawn') or t.appealed = 'asked')
        and (
            t.kind in ('whistle', 'joint')
            or t.appealed = 'asked'
            or t.state = 'returned'
            or (t.state = 'taken' and t.asked <> '')
        )
)
select
    f.what, f.issue, f.seen as version, f.id as task, f.kind, f.lead, f.state, f.party,
    p.name as party_name, f.asked, f.asked_days, f.review_on, f.sent_at, f.due_at, f.arrive_by,
    f.arrived_at, asker.name as asker_name, f.number,
    s.name as service_name, g.name as grid_name, c.name as community_name,
    case when read.words then f.words else '' end as text,
    case when read.words then f.address else '' end as address,
    case when read.words then told_of_event(why.detail, why.words) #>> '{order,reason}' end as reason,
    case when f.state not in ('sent', 'taken', 'returned') then null
        when f.due_at < now() then 'red' when f.yellow_at <= now() then 'yellow' end as card
from found as f
    cross join lateral (
        select not f.secret or not row_security_active('issue') or acting_reads(f.issue) as words
    ) as read
    left join lateral (
        select e.detail, said.words
        from event as e left join said on said.event = e.id
        where e.noun = 'issue' and e.subject = (select f.issue::text)
            and e.name = case f.what
                when 'sign' then 'whistle' when 'appeal' then 'appeal' when 'ruling' then 'return'
                when 'asked' then 'ask_' || f.asked end
            and e.detail -> 'tasks' ? f.id::text
        order by e.id desc
        limit 1
    ) as why on true
    left join party as p on p.code = f.party
    left join party as asker on asker.code = f.made_by
    left join service as s on s.code = f.about
    left join area as c on c.net = 'admin' and c.code = f.community and c.valid_to is null
    left join area as g on g.net = 'grid' and g.code = f.grid and g.valid_to is null
where f.what is not null
order by array_position('{sign,ruling,appeal,asked,late}', f.what), f.due_at, f.id
limit :limit
