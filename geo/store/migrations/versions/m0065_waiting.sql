-- Question: which tasks wait for a word of whoever gave them: returned, or more time or a hold asked for?
-- In: task. Out: task_waiting, for the notices.
-- Index used: this makes it.
create index task_waiting on task (id)
    where state = 'returned' or (state = 'taken' and asked <> '');
