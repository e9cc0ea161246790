-- Question: which services are some under, which role handles them, are they sent by rule?
-- In: services. Out: asked, code, default_role, auto_send, answer_days and calendar (of code), circle;
--   of each asked first itself, then those above it. The twin of services_above.sql, for many.
-- Index used: the key of service.
with recursive above as (
    select code as asked, code, parent, default_role, auto_send, answer_days, calendar, 1 as depth
    from service
    where code = any (cast(:services as text[]))
    union all
    select a.asked, s.code, s.parent, s.default_role, s.auto_send, s.answer_days, s.calendar,
        a.depth + 1
    from above as a join service as s on s.code = a.parent
) cycle code set circle using way
select asked, code, default_role, auto_send, answer_days, calendar, circle
from above order by asked, depth
