-- Question: until when would a duty have held that a revision ended, with its area?
-- In: duty. Out: held_to, its last day and one, null where it had none; so that taking the revision
--   back gives it back as it was.
-- Index used: none.
alter table duty add column held_to date;
grant update (held_to) on duty to jingwei_app;
