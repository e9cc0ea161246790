-- Question: which chain of codes leads from the top to each area in force?
-- In: area. Out: area.path of rows in force, where it differs; codes of nets other than admin and
--   grid carry their net's name. What lies in a circle keeps the path it has.
-- Index used: area_code_now.
with recursive link as (
    select
        a.id,
        a.parent is null as top,
        case when a.net in ('admin', 'grid') then a.code else a.net || ':' || a.code end as label,
        coalesce(above.id, beside.id) as parent
    from area as a
        left join area as above
            on above.net = 'admin' and above.code = a.parent and above.valid_to is null
        left join area as beside
            on beside.net = a.net and beside.code = a.parent and beside.valid_to is null
    where a.valid_to is null
),
chain as (
    select id, array[label] as path from link where top
    union all
    select link.id, chain.path || link.label
    from chain join link on link.parent = chain.id
)
update area as a
set path = chain.path
from chain
where a.id = chain.id and a.path is distinct from chain.path
