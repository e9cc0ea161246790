-- Question: was a task of no issue written down before, and who said when it is due?
-- In: task. Out: columns for the reference of whoever wrote it down (once for each of them), a digest
--   of what was written, and whether the due time was given with it. Of those there are nobody
--   knows: they keep theirs.
-- Index used: task_reference.
alter table task
    add column reference text collate "C",
    add column content text collate "C",
    add column due_given boolean not null default false,
    add constraint task_reference_alone check (
        issue is null or (reference is null and content is null)
    );
update task set due_given = true where issue is null;
create unique index task_reference on task (made_by, reference) where reference is not null;
