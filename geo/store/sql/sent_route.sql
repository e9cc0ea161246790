-- Question: who gave an issue to whom, and why, in the words kept then?
-- In: issue (its number, as text). Out: name (of the step), at, person, detail; the oldest first.
-- Index used: event_subject.
select name, at, person, detail
from event
where noun = 'issue' and subject = :issue
    and name in ('send', 'resend', 'rule', 'settle', 'hand_over')
order by id
