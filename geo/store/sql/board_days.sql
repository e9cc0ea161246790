-- Question: how many issues of a board came on each day of the city?
-- In: as board_chosen.sql, which stands before it; zone.
-- Out: day, n, is_open of them (not closed); the oldest first.
-- Index used: as there.
select
    cast(at at time zone :zone as date) as day,
    count(*) as n,
    count(*) filter (where state <> 'closed') as is_open
from chosen
group by 1
order by 1
