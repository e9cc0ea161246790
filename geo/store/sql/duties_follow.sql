-- Question: who holds the duties of areas that a revision has ended, and of those it has made?
-- In: net, number (the revision, just put in force); roles that no area should be without.
-- Out: duties on ended areas end, and go on with the area that most of the households went to (a
--   second leader there assists), until the day on which they would have ended, and those to come
--   from the day on which they were to begin; an area without a role takes its holder from where
--   most of its households came from. What is held on a special grid goes on with the special one
--   that took most of its ground, and ends where none did: its own unit answers for no other ground.
-- Index used: area_code_history; place_geom; duty_area; the primary key of duty. The buildings are
--   read once, whatever the number of grids: under row-level security ST_Intersects finds no index
--   of theirs, and each pair of grids would have all of a city's looked through.
create temporary table begun on commit drop as
select code, geom, special from area where net = :net and valid_from = :number;
-- A large revision ends thousands and begins as many: each pair of them is not looked at.
create index begun_geom on pg_temp.begun using gist (geom);
analyze pg_temp.begun;
create temporary table lived on commit drop as
select geom, households from place
where kind = 'building' and households > 0
    and geom && (select ST_SetSRID(ST_Extent(geom), 4326) from pg_temp.begun);
create index lived_geom on pg_temp.lived using gist (geom);
analyze pg_temp.lived;
create temporary table shared on commit drop as
with before as materialized (
    select code, geom, special from area where net = :net and valid_to = :number
)
select
    before.code as old, after.code as new, living.households, ground.common,
    before.special, ground.common > ST_Area(before.geom) / 2 as is_most
from before
    join pg_temp.begun as after
        on after.special = before.special and after.geom && before.geom
            and ST_Intersects(before.geom, after.geom)
    cross join lateral (
        select ST_Area(ST_Intersection(before.geom, after.geom)) as common
        offset 0  -- once a pair
    ) as ground
    cross join lateral (
        select coalesce(sum(l.households), 0) as households
        from pg_temp.lived as l
        where ground.common > 0  -- most neighbours share a border and nobody
            and ST_Intersects(before.geom, l.geom)
            and ST_Intersects(after.geom, l.geom)
    ) as living;
analyze pg_temp.shared;
create temporary table ending on commit drop as
with heir as (
    select distinct on (old) old, new, households, common
    from pg_temp.shared
    where old not in (select new from pg_temp.shared) and (is_most or not special)
    order by old, households desc, common desc, new
),
closed as (
    select gone.code as old
    from area as gone
    where gone.net = :net and gone.valid_to = :number and gone.special
        and gone.code not in (select old from heir)
        and not exists (
            select from area as now
            where now.net = :net and now.code = gone.code and now.valid_to is null
        )
)
select
    duty.id, heir.new, heir.households, heir.common,
    greatest(duty.valid_from, current_date) as begins, duty.valid_to as ends
from (select * from heir union all select old, null, 0, 0 from closed) as heir
    join duty
        on duty.net = :net and duty.area = heir.old
        and (duty.valid_to is null or duty.valid_to > greatest(duty.valid_from, current_date));
with let_go as (
    update duty
    set valid_to = greatest(valid_from, current_date), until = :number, held_to = valid_to
    -- By number: in a join the rule of who may write them would be asked of every duty there is.
    where id = any (array(select id from pg_temp.ending))
    returning id, party, role, service, lead, full_time, row_number, basis, said
),
ended as (
    select l.*, e.new as area, e.households, e.common, e.begins, e.ends
    from let_go as l join pg_temp.ending as e on e.id = l.id
    where e.new is not null
),
ranked as (
    select
        *,
        row_number() over (
            partition by role, area, begins > current_date
            order by lead desc, households desc, common desc, party
        ) = 1
        and (
            begins > current_date  -- it follows who leads now
            or not exists (
                select from duty as d
                where d.net = :net and d.area = ended.area and d.role = ended.role and d.lead
                    and d.valid_from <= current_date
                    and (d.valid_to is null or d.valid_to > current_date)
            )
        ) as is_first
    from ended
),
going_on as (
    select distinct on (party, role, area, service, row_number, said, begins)
        party, role, area, service, lead and (is_first or role <> 'grid_leader') as lead, full_time,
        begins, ends, row_number, basis, said
    from ranked
    order by
        party, role, area, service, row_number, said, begins,
        is_first desc, lead desc, ends desc nulls first
)
insert into duty (
    party, role, net, area, service, lead, full_time, valid_from, valid_to, since,
    row_number, basis, said
)
select
    party, role, cast(:net as text), area, service, lead, full_time, begins, ends, :number,
    row_number, basis, said
from going_on
on conflict do nothing;
with lacking as (
    select distinct s.new, r.role
    from shared as s cross join unnest(cast(:roles as text[])) as r (role)
    where not exists (
        select from duty as d
        where d.net = :net and d.area = s.new and d.role = r.role and d.lead
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date)
    )
),
source as (
    select distinct on (l.new, l.role)
        l.new, l.role, d.party, d.full_time,
        case when e.id is null then d.valid_to else e.ends end as ends
    from lacking as l
        join shared as s on s.new = l.new
        join duty as d
            on d.net = :net and d.area = s.old and d.role = l.role and d.service is null
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date or d.until = :number)
        left join pg_temp.ending as e on e.id = d.id
    order by l.new, l.role, s.households desc, s.common desc, d.lead desc, d.party
)
insert into duty (party, role, net, area, full_time, valid_to, since)
select party, role, cast(:net as text), new, full_time, ends, :number
from source
on conflict do nothing
