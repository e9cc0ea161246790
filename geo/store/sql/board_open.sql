-- Question: how many open issues of a scope are how far, and in which queue?
-- In: scope (a code), source, since and until (instants), null for all; now; warned_by as in board_chosen.sql.
-- Out: state, card, source, is_owned (a grid owns it), n; one row each.
-- Index used: those of open_on_board() of 0071.
select state, card, source_ as source, is_owned, n
from open_on_board(:scope, :source, :since, :until, :now, :warned_by)
order by 1, 2, 3, 4
