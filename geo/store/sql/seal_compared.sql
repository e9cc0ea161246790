-- Question: which leaves did a seal keep, and which do its events have now?
-- In: number. Out: id, kept, now (null: the event is gone); by number of the event.
-- Index used: the keys of seal and event.
with kept as (
    select
        id, substring(s.leaves from (32 * (row_number() over (order by id) - 1) + 1)::integer for 32) as leaf
    from seal as s
        cross join lateral unnest(s.ids) as r
        cross join lateral generate_series(lower(r), upper(r) - 1) as id
    where s.number = :number
)
select
    kept.id, kept.leaf as kept,
    case when e.id is not null then sha256(convert_to(jsonb_build_array(
        e.id, e.noun, e.subject, e.name, e.detail, e.path, e.person,
        (extract(epoch from e.at) * 1000000)::bigint
    )::text, 'UTF8')) end as now
from kept left join event as e on e.id = kept.id
order by kept.id
