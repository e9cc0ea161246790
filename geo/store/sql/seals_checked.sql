-- Question: what do the next seals say, and what would they say of the events that are there now?
-- In: after (a number of a seal), most. Out: by number: number, ids, events, sealed_at, digest, hash,
--   found (how many of its events are there), told (the digest of these). Nothing of ours is called:
--   whoever could change an event could change a function.
-- Index used: the keys of seal and event.
select
    s.number, s.ids::text as ids, s.events, s.sealed_at, s.digest, s.hash, now.found, now.told
from (
    select * from seal where number > :after order by number limit :most
) as s
    cross join lateral (
        select
            count(*) as found,
            sha256(string_agg(
                sha256(convert_to(jsonb_build_array(
                    e.id, e.noun, e.subject, e.name, e.detail, e.path, e.person,
                    (extract(epoch from e.at) * 1000000)::bigint
                )::text, 'UTF8')), ''::bytea order by e.id
            )) as told
        from unnest(s.ids) as r join event as e on e.id >= lower(r) and e.id < upper(r)
    ) as now
order by s.number
