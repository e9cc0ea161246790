-- Question: how is the eighth version taken back?
-- In: issue. Out: the columns of the seventh.
drop function calls_of_reporter(bigint, integer);
drop index issue_reporter;
alter table issue
    drop column reporter,
    drop column against,
    drop column confidential,
    drop column located_by,
    drop column located_as,
    drop column located_score,
    drop column given;
