-- Question: where are the issues that a limited answer of issues.sql leaves out, and how many?
-- In: scope and known_until as in issues.sql; limit. Cells are a city block, or larger so that 256 span them all.
-- Out: one row: n, how many; cells, as JSON [[lon, lat (their middle), n, days (7 or 30: reported within so
--   many of the latest one; 0: before), is_open], …], in order, of those with a position.
-- Index used: issue_path, issue_unclaimed.
with seen as materialized (
    select
        coalesce(i.reported_at, i.received_at) as at, i.id, ST_X(i.geom) as x, ST_Y(i.geom) as y,
        i.state <> 'closed' as is_open
    from issue as i
    where (
            cast(:scope as text) is null
            or (:scope = '' and i.path = '{}')
            or (:scope <> '' and i.path @> array[cast(:scope as text)])
        )
        and (cast(:known_until as timestamptz) is null or i.received_at < :known_until)
),
beyond as materialized (
    select x, y, is_open, (select max(at) from seen) - at as ago
    from seen
    where (at, id) <= (
        select at, id from seen order by at desc, id desc offset cast(:limit as bigint) limit 1
    )
),
cell as (
    select greatest(0.001, (max(x) - min(x)) / 256) as side from beyond
),
counted as (
    select
        count(*) as n,
        avg(x) as lon,
        avg(y) as lat,
        case when ago < interval '7 days' then 7 when ago < interval '30 days' then 30 else 0 end as days,
        is_open
    from beyond, cell
    group by floor(x / cell.side), floor(y / cell.side), 4, 5
)
select
    coalesce(sum(n), 0)::bigint as n,
    coalesce(
        json_agg(
            json_build_array(round(lon::numeric, 5), round(lat::numeric, 5), n, days, is_open)
            order by lon, lat, days, is_open
        ) filter (where lon is not null),
        '[]'
    )::text as cells
from counted
