-- Question: what happened, to several things at once?
-- In: rows (a JSON array: noun, subject, name, detail, path). Out: event rows by the acting person.
-- Index used: none.
insert into event (noun, subject, name, detail, path, person)
select noun, subject, name, detail, path, coalesce(acting_person(), '')
from json_populate_recordset(null::event, cast(:rows as json))
