-- Question: how are the references of tasks taken back?
-- In: task. Out: as before 0027.
-- Index used: none.
alter table task drop column reference, drop column content, drop column due_given;
