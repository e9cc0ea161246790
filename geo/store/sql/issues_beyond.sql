-- Question: where are the issues that a limited answer of issues.sql leaves out, and how many?
-- In: scope and known_until as in issues.sql; limit. Cells are a city block, or larger so that 256 span them all.
-- Out: n, lon, lat (their middle; null without position), days (7 or 30: reported within so many of
--   the latest one; 0: before), is_open; one row a cell, in order.
-- Index used: issue_path, issue_unclaimed.
with ranked as (
    select
        i.geom,
        i.state <> 'closed' as is_open,
        max(coalesce(i.reported_at, i.received_at)) over ()
            - coalesce(i.reported_at, i.received_at) as ago,
        row_number() over (order by coalesce(i.reported_at, i.received_at) desc, i.id desc)
            as place
    from issue as i
    where (
            cast(:scope as text) is null
            or (:scope = '' and i.path = '{}')
            or (:scope <> '' and i.path @> array[cast(:scope as text)])
        )
        and (cast(:known_until as timestamptz) is null or i.received_at < :known_until)
),
cell as (
    select greatest(0.001, (max(ST_X(geom)) - min(ST_X(geom))) / 256) as side
    from ranked
    where place > :limit
)
select
    count(*) as n,
    avg(ST_X(geom)) as lon,
    avg(ST_Y(geom)) as lat,
    case when ago < interval '7 days' then 7 when ago < interval '30 days' then 30 else 0 end as days,
    is_open
from ranked, cell
where place > :limit
group by floor(ST_X(geom) / cell.side), floor(ST_Y(geom) / cell.side), 4, 5
order by 2, 3, 4, 5
