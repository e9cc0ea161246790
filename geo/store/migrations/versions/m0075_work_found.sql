-- Question: which tasks are held, however many are over, and which parties are parts of one?
-- In: task, party. Out: task_held, for the ledger; party_parent, for the inbox.
-- Index used: this makes them.
create index task_held on task (id) where state = 'held';
create index party_parent on party (parent) where parent is not null;
