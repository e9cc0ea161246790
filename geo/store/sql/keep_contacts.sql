-- Question: how are reporters reached whose issues came as a file?
-- In: reporters, wrapped, sealed (lists, one entry a reporter). Out: a contact each, of those who have an
--   issue and had no contact.
-- Index used: issue_reporter; the key of contact.
insert into contact (reporter, wrapped, sealed)
select told.reporter, told.wrapped, told.sealed
from unnest(cast(:reporters as text[]), cast(:wrapped as bytea[]), cast(:sealed as bytea[]))
    as told (reporter, wrapped, sealed)
where exists (select from issue where issue.reporter = told.reporter)
order by told.reporter
on conflict do nothing
