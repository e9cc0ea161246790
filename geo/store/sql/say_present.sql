-- Question: who else has a plan open, once the acting person has said where they are?
-- In: plan, tool, lon and lat (WGS 84, or null), seconds, most. Out: person, tool, lon, lat, the
--   newest first.
-- Index used: the key of presence.
with said as (
    insert into presence as p (plan, person, tool, geom, seen_at)
    values (
        :plan, acting_person(), :tool,
        st_setsrid(st_makepoint(cast(:lon as float8), cast(:lat as float8)), 4326),
        clock_timestamp()
    )
    on conflict (plan, person) do update
    set tool = excluded.tool, geom = excluded.geom, seen_at = excluded.seen_at
)
select person, tool, st_x(geom) as lon, st_y(geom) as lat
from presence
where plan = :plan
    and person <> acting_person()
    and seen_at > clock_timestamp() - make_interval(secs => :seconds)
order by seen_at desc, person
limit :most
