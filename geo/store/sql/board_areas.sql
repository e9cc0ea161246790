-- Question: how many issues of a board lay in each area of a kind?
-- In: as board_chosen.sql, which stands before it; kind (grid, community, subdistrict); people (whether
--   those who reported are counted, too).
-- Out: code, n, is_open (not closed), overdue, reporters (how many different ones; who is not known counts
--   for one each; 0 where they are not asked for); one row an area that has any, by code.
-- Index used: as there.
select
    code,
    count(*) as n,
    count(*) filter (where state <> 'closed') as is_open,
    count(*) filter (where card = 'red') as overdue,
    count(distinct coalesce(reporter, cast(id as text))) filter (where :people) as reporters
from chosen
    cross join lateral (
        select case :kind when 'grid' then grid when 'community' then community else subdistrict end
            as code
    ) as within
where code is not null
group by code
order by code
