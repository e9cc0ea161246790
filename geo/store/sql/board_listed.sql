-- Question: which issues of a board stand next?
-- In: as board_chosen.sql, which stands before it; away (how many stand before), limit.
-- Out: id; the latest first, of those due soon the first due.
-- Index used: as there.
select id
from chosen
order by case when :queue = 'soon' then due_at end, at desc, id desc
limit :limit offset :away
