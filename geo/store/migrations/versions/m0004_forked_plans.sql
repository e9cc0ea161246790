-- Question: which plan was a plan forked from?
-- In: plan. Out: one column; null for a plan that began by itself.
-- Index used: the primary key of plan, on the way up.
alter table plan add column forked_from bigint references plan;
