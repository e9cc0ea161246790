-- Question: what came and went since the cells were last added up?
-- In: heat_change, which is emptied; levels, those that are kept. Out: heat_cell, brought up to date.
-- Index used: heat_cell's key; those of heat_again() of 0056. All of it sees the same moment.
with moved as (
    delete from heat_change returning x, y, path, source, issues, open
),
changed as (
    select x, y, path, source, sum(issues) as issues, sum(open) as open
    from moved
    group by 1, 2, 3, 4
),
counted as (
    select
        level, x >> (18 - level) as x, y >> (18 - level) as y, path, source,
        sum(issues) as issues, sum(open) as open
    from changed, unnest(cast(:levels as smallint[])) as level
    group by 1, 2, 3, 4, 5
    having sum(issues) <> 0 or sum(open) <> 0
),
repeated as (
    select
        level, x >> (18 - level) as x, y >> (18 - level) as y, path, source, kind,
        sum(issues - case when both_level < level then places else 0 end) as n
    from heat_again(array(select kind from heat_kinds())), unnest(cast(:levels as smallint[])) as level
    group by 1, 2, 3, 4, 5, 6
    having sum(issues - case when both_level < level then places else 0 end) <> 0
),
numbers as (
    select
        level, x, y, path, source,
        array(
            select coalesce(n, 0)::integer
            from heat_kinds() as k left join unnest(kinds, ns) as told (kind, n) on told.kind = k.kind
            order by k.kind
        ) as again
    from (
        select level, x, y, path, source, array_agg(kind) as kinds, array_agg(n) as ns
        from repeated
        group by 1, 2, 3, 4, 5
    ) as one
)
insert into heat_cell (level, x, y, path, source, issues, open, again)
select level, x, y, path, source, coalesce(c.issues, 0), coalesce(c.open, 0), n.again
from counted as c full join numbers as n using (level, x, y, path, source)
order by 1, 2, 3, 4, 5
on conflict (level, x, y, path, source) do update
set issues = heat_cell.issues + excluded.issues, open = heat_cell.open + excluded.open,
    again = (
        select array_agg(coalesce(kept, 0) + coalesce(came, 0) order by kind)
        from unnest(heat_cell.again, excluded.again) with ordinality as t (kept, came, kind)
    )
