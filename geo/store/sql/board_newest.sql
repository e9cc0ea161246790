-- Question: which issues of a board came last, in no words of anybody?
-- In: as board_chosen.sql, which stands before it; limit.
-- Out: at, state, service, grid; the latest first.
-- Index used: as there.
select at, state, service, grid
from chosen
where at <= :now
order by at desc, id desc
limit :limit
