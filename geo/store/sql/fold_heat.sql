-- Question: what came and went since the cells were last added up?
-- In: heat_change, which is emptied; levels, those that are kept. Out: heat_cell, brought up to date.
-- Index used: heat_cell's key.
with moved as (
    delete from heat_change returning x, y, path, issues, open
)
insert into heat_cell (level, x, y, path, issues, open)
select level, x >> (18 - level), y >> (18 - level), path, sum(issues), sum(open)
from moved, unnest(cast(:levels as smallint[])) as level
group by 1, 2, 3, 4
having sum(issues) <> 0 or sum(open) <> 0
order by 1, 2, 3, 4
on conflict (level, x, y, path) do update
set issues = heat_cell.issues + excluded.issues, open = heat_cell.open + excluded.open
