-- Question: how is the forty-first version taken back?
-- In: issue. Out: no column that tells what was forgotten; that stays gone.
-- Index used: none.
alter table issue drop column forgotten_at;
