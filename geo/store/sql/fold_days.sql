-- Question: what came and went since the days were last added up?
-- In: day_change, which is emptied. Out: day_count, brought up to date for each area on a path.
-- Index used: day_count's key. All of it sees the same moment.
with moved as (
    delete from day_change returning day, path, source, issues, open
),
changed as (
    select day, path, source, sum(issues) as issues, sum(open) as open
    from moved
    group by 1, 2, 3
),
counted as (
    select
        coalesce(path[depth], '') as area, day, source, path[1:depth] as path,
        sum(issues) as issues, sum(open) as open
    from changed
        cross join lateral
            generate_series(least(1, cardinality(path)), cardinality(path)) as depth
    group by 1, 2, 3, 4
    having sum(issues) <> 0 or sum(open) <> 0
)
insert into day_count (area, day, source, path, issues, open)
select area, day, source, path, issues, open
from counted
order by 1, 2, 3, 4
on conflict (area, day, source, path) do update
set issues = day_count.issues + excluded.issues, open = day_count.open + excluded.open
