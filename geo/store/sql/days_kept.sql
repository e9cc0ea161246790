-- Question: how many issues of a scope came on each day of the city, from which source, by the counts kept?
-- In: scope and source, null for all. Out: day, source, n, is_open of them (not closed); by day and source.
-- Index used: day_count's key.
select day, source, sum(issues)::bigint as n, sum(open)::bigint as is_open
from (
    select day, source, issues, open
    from day_count
    where case
        when cast(:scope as text) is null then cardinality(path) < 2
        else area = :scope
    end
    union all
    select day, source, issues, open
    from day_change
    where cast(:scope as text) is null or path @> array[cast(:scope as text)]
) as came
where cast(:source as text) is null or source = :source
group by day, source
having sum(issues) > 0
order by day, source
