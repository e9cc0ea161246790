-- Question: how is 0066 undone?
-- In: issue, review. Out: no merged_reports().
-- Index used: none.
drop function merged_reports(bigint);
