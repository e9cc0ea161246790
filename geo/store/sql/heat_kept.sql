-- Question: how many issues lie in each cell of a part of the map, by the counts that are kept?
-- In: stored, the level they are kept at; shift, how much finer that is than the cells asked for;
--   fine, how much finer changes are kept; x0 to x1, y0 to y1; state (open, closed or
--   null); scope or null.
-- Out: x, y, n; by y and x. Index used: heat_cell's key.
select x, y, sum(n)::integer as n
from (
    select
        x >> :shift as x, y >> :shift as y,
        case cast(:state as text)
            when 'open' then open when 'closed' then issues - open else issues
        end as n
    from heat_cell
    where level = :stored
        and x between cast(:x0 as integer) << :shift
        and ((cast(:x1 as integer) + 1) << :shift) - 1
        and y between cast(:y0 as integer) << :shift
        and ((cast(:y1 as integer) + 1) << :shift) - 1
        and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
    union all
    select
        x >> :fine, y >> :fine,
        case cast(:state as text)
            when 'open' then open when 'closed' then issues - open else issues
        end
    from heat_change
    where x >> :fine between :x0 and :x1
        and y >> :fine between :y0 and :y1
        and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
) as cell
group by x, y
having sum(n) > 0
order by y, x
