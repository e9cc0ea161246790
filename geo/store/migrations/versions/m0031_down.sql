-- Question: how is the thirty-first version taken back?
-- In: heat_over, issue_service. Out: neither.
-- Index used: none.
drop index issue_service;
drop function heat_over;
