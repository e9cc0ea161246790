-- Question: what waits for the acting person's own parties, whoever of the city gave it, first due first?
-- In: subdistrict (code; null for all), limit. Out: task, issue, version, kind, lead, state, owes (what is
--   owed next: take, arrive, report, passed to a section of ours, ruling, held, done), party, party_name,
--   by (when that is due: on the spot, else the due time), due_at, yellow_at, sent_at, arrive_by,
--   arrived_at, asked, signed (false: an emergency nobody has signed yet), number, text and address (of
--   what is confidential only for whoever may read them), service_name, source, area, area_name, grid,
--   grid_name, community_name, subdistrict, subdistrict_name, lon, lat, asker_name (who gave it).
-- Index used: task_party, task_passed_on, party_parent; the keys of issue and service; area_code_now.
with held as (
    select t.*, false as is_passed
    from task as t
    where t.party = any ((select acting_parties())::text[])
        and t.state in ('sent', 'taken', 'returned', 'held', 'done')
    union all
    select t.*, true
    from task as t
    where t.passed_on <> '{}'  -- as the index has it
        and t.passed_on && (select acting_parties())
        and t.state in ('sent', 'taken', 'returned', 'held')
        and t.party in (
            select code from party
            where parent = (select parent from party where code = (select acting_person()))
        )
        and t.party <> all ((select acting_parties())::text[])
),
owed as (
    select
        h.*,
        case
            when h.is_passed then 'passed'
            when h.state = 'sent' then 'take'
            when h.state = 'returned' then 'ruling'
            when h.state in ('held', 'done') then h.state
            when h.kind in ('whistle', 'joint') and h.arrived_at is null then 'arrive'
            else 'report'
        end as owes,
        case
            when h.state in ('sent', 'taken') and h.arrived_at is null
                then least(h.arrive_by, h.due_at)
            else h.due_at
        end as by
    from held as h
)
select
    o.id as task, o.issue, coalesce(i.version, o.version) as version, o.kind, o.lead, o.state,
    o.owes, o.party, p.name as party_name, o.by, o.due_at, o.yellow_at, o.sent_at, o.arrive_by,
    o.arrived_at, o.asked, (o.kind <> 'whistle' or o.signed_by is not null) as signed,
    coalesce(i.reference, 'RW-' || o.id) as number,
    case when o.issue is null then o.text when read.words then i.text else '' end as text,
    case when read.words then i.address else '' end as address,
    s.name as service_name, i.source, o.area, own.name as area_name, grid.code as grid,
    grid.name as grid_name, community.name as community_name, street.code as subdistrict, street.name as subdistrict_name,
    ST_X(i.geom) as lon, ST_Y(i.geom) as lat, asker.name as asker_name
from owed as o
    left join issue as i on i.id = o.issue
    cross join lateral (
        select
            i.id is not null
            and (not i.confidential or not row_security_active('issue') or acting_reads(i.id))
            as words
    ) as read
    left join service as s on s.code = i.service
    left join party as p on p.code = o.party
    left join party as asker on asker.code = o.made_by
    left join area as own
        on own.net in ('admin', 'grid') and own.code = o.area and own.valid_to is null
    left join area as grid on grid.net = 'grid' and grid.code = i.grid and grid.valid_to is null
    left join area as community
        on community.net = 'admin' and community.code = i.community and community.valid_to is null
    left join area as street
        on street.net = 'admin' and street.kind = 'subdistrict' and street.valid_to is null
        and street.code = any (o.path)
where (cast(:subdistrict as text) is null or o.path @> array[cast(:subdistrict as text)])
order by array_position('{take,arrive,report,passed,ruling,held,done}', o.owes), o.by, o.id
limit :limit
