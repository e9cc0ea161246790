-- Question: at which door was somebody, and what was found there?
-- In: task, visits written down at a door. Out: task.place (code of the building's door), task.found.
-- Index used: task_place.
alter table task add column place text collate "C";
alter table task add column found text not null default '';
alter table task add constraint task_found_known check (
    found in ('', 'visited', 'nobody', 'refused', 'empty', 'let')
);
create index task_place on task (place, id) where place is not null;
