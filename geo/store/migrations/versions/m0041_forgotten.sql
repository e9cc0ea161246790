-- Question: of which issues is kept no longer what somebody said, and where, and who it was?
-- In: issue. Out: forgotten_at: since when its words, address, answers and photos are gone; the row itself,
--   its place, grid, times and states stay, for rates and maps.
-- Index used: issue_kept for those whose time is over.
alter table issue add column forgotten_at timestamptz;
create index issue_kept on issue (received_at) where forgotten_at is null and state = 'closed';
