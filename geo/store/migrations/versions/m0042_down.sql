-- Question: how is the forty-second version taken back?
-- In: contact. Out: none; what was kept of how people are reached is gone.
-- Index used: none.
drop function keep_contact(bigint, bytea, bytea), show_contact(bigint, text);
drop table contact;
