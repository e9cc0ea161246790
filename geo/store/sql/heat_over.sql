-- Question: how many issues, or who reported them, lie in each cell of a part of the map?
-- In: as heat_counted.sql, of an acting person whose duties, and the scope, are subdistricts or above.
-- Out: x, y, n of the issues of those areas; by y and x. Index used: those of heat_over() of 0031.
select x, y, n
from heat_over(
    :level, :x0, :y0, :x1, :y1, :west, :south, :east, :north,
    :reporters, :scope,
    case
        when cast(:service as text) is not null
            then array(select code from service where code = :service or parent = :service)
    end,
    :source, :state, :since, :until
)
order by y, x
