-- Question: how many issues of a board are how far, and in which queue?
-- In: as board_chosen.sql, which stands before it.
-- Out: state, card, source, is_owned (a grid owns it), n; one row each.
-- Index used: as there.
select state, card, source, grid is not null as is_owned, count(*) as n
from chosen
group by 1, 2, 3, 4
order by 1, 2, 3, 4
