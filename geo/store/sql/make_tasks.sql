-- Question: which tasks are made of some issues?
-- In: rows (a JSON array of objects named as the columns), columns in the place named.
-- Out: id, issue, lead, party of each, in the order of rows.
-- Index used: none to find them; the keys of issue and party are looked up.
insert into task ({columns}, made_by)
select {columns}, coalesce(acting_person(), '')
from json_populate_recordset(null::task, cast(:rows as json))
returning id, issue, lead, party
