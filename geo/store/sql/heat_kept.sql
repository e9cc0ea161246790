-- Question: how many issues, or who reported them, lie in each cell of a part of the map, by the counts
--   that are kept?
-- In: level, and x0 to x1, y0 to y1 of its cells; fine, how much finer changes are kept; kind of
--   heat_kinds() by which people are counted (null: issues are); state (open, closed or null); source or
--   null; scope or null.
-- Out: x, y, n; by y and x. Index used: heat_cell's key; those of heat_unfolded() of 0056.
select x, y, sum(n)::integer as n
from (
    select
        x, y, path, source,
        case cast(:state as text)
            when 'open' then open when 'closed' then issues - open else issues
        end - coalesce(again[cast(:kind as integer)], 0) as n
    from heat_cell
    where level = :level and x between :x0 and :x1 and y between :y0 and :y1
    union all
    select
        x >> :fine, y >> :fine, path, source,
        case cast(:state as text)
            when 'open' then open when 'closed' then issues - open else issues
        end
    from heat_change
    where x >> :fine between :x0 and :x1 and y >> :fine between :y0 and :y1
    union all
    select x, y, path, source, -n
    from heat_unfolded(cast(:kind as integer), :level)
    where x between :x0 and :x1 and y between :y0 and :y1
) as cell
where (cast(:source as text) is null or source = :source)
    and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
group by x, y
having sum(n) > 0
order by y, x
