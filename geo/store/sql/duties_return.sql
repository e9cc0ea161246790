-- Question: who held the duties that a revision ended, when that revision is taken back?
-- In: net, undone (the revision taken back), number (the one that takes it back).
-- Out: duties it opened end; duties it ended are there again. Index used: duty_until.
update duty
set valid_to = current_date, until = :number
where net = :net and since = :undone and valid_to is null;
insert into duty (party, role, net, area, service, lead, full_time, since)
select party, role, net, area, service, lead, full_time, :number
from duty
where net = :net and until = :undone
on conflict do nothing
