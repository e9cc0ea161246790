-- Question: which services is one under, and which role handles it by default?
-- In: service. Out: code, default_role, circle (whether it was met before: the catalogue goes round
--   there, and no further); itself first, then those above it.
-- Index used: the key of service.
with recursive above as (
    select code, parent, default_role, 1 as depth from service where code = :service
    union all
    select s.code, s.parent, s.default_role, a.depth + 1
    from above as a join service as s on s.code = a.parent
) cycle code set circle using way
select code, default_role, circle from above order by depth
