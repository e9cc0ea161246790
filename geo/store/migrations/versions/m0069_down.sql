-- Question: how is the sixty-ninth version taken back?
-- In: issue. Out: no newest_issues(); issue_reported as of migration 23.
-- Index used: none.
drop function newest_issues(integer);
drop index issue_reported;
create index issue_reported on issue ((coalesce(reported_at, received_at)));
