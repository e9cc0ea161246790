-- Question: how many different people reported the issues of a board?
-- In: as board_chosen.sql, which stands before it.
-- Out: reporters; who is not known counts for one each.
-- Index used: as there.
select count(distinct coalesce(reporter, cast(id as text))) as reporters
from chosen
