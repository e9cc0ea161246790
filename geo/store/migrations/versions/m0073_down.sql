-- Question: how is the seventy-third version taken back?
-- In: device. Out: none.
-- Index used: none.
drop table device;
