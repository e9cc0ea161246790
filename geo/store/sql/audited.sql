-- Question: what happened, as the acting auditor may read it?
-- In: nouns, names, persons, things (lists, or null for all); since, before; below (a number); most.
-- Out: id, noun, subject, name, detail, person, at, seal; the newest first.
-- Index used: event's key; event_at.
select id, noun, subject, name, detail, person, at, seal
from audited(
    cast(:nouns as text[]), cast(:names as text[]), cast(:persons as text[]),
    cast(:things as text[]), cast(:since as timestamptz), cast(:before as timestamptz),
    cast(:below as bigint), cast(:most as integer)
)
order by id desc
