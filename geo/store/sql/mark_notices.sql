-- Question: which notices of a task has the acting person read now?
-- In: kind, task; the question of the notices in the place named. Out: a mark for each.
-- Index used: the key of notice_read.
insert into notice_read (person, kind, task, since)
select acting_person(), n.kind, n.task, n.since
from ({notices}) as n
where n.kind = :kind and n.task = :task and n.read_at is null
on conflict do nothing
