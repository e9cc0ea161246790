-- Question: of which events do the words not fit what the event itself, which is sealed, says of them?
-- In: most. Out: id, by number. Words that were taken away fit.
-- Index used: the keys of said and event, side by side.
select s.event
from said as s left join event as e on e.id = s.event
where e.detail ->> 'said'
    is distinct from encode(sha256(s.salt || convert_to(s.words::text, 'UTF8')), 'hex')
order by s.event
limit :most
