-- Question: how is the fourth version taken back?
-- In: plan. Out: forks are plans by themselves.
alter table plan drop column forked_from;
