-- Question: which staged issues are new, and where are they?
-- In: pg_temp.staged_issues. Out: pg_temp.unlocated: the columns of staged_issues, and id, counted
--   from 1 in the order they were staged in.
-- Index used: issue_reference.
create temporary table unlocated on commit drop as
select row_number() over (order by s.ctid) as id, s.*
from pg_temp.staged_issues as s
where not exists (
    select from issue as i where i.source = s.source and i.reference = s.reference
)
