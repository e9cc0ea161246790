-- Question: how is the twenty-fifth version taken back?
-- In: link, asked_once. Out: neither.
-- Index used: none.
drop table asked_once, link;
drop function open_link(bigint, integer, text), sends_to(text);
