-- Question: which services are some services, or below them?
-- In: services. Out: code.
-- Index used: the key of service; the catalogue is small and looked through.
with recursive below as (
    select unnest(cast(:services as text[])) collate "C" as code
    union
    select s.code from service as s join below as b on s.parent = b.code
)
select code from below where code is not null order by code
