-- Question: which chain of codes leads from the top to each area in force?
-- In: area. Run part by part.
-- Out: area.path of rows in force, where it differs (codes of nets other than admin and grid carry
--   their net's name), and plan.path after its scope's. pg_temp.link (id, label, parent, top) and
--   pg_temp.chain (id, path): what is in the first and not in the second has no way to the top.
-- Index used: none; whole tables are hashed, for every area is asked about.
drop table if exists pg_temp.link, pg_temp.chain;

create temporary table link on commit drop as
with present as materialized (
    select id, net, code, parent from area where valid_to is null
)
select
    a.id,
    a.parent is null as top,
    case when a.net in ('admin', 'grid') then a.code else a.net || ':' || a.code end as label,
    coalesce(above.id, beside.id) as parent
from present as a
    left join present as above on above.net = 'admin' and above.code = a.parent
    left join present as beside on beside.net = a.net and beside.code = a.parent;

analyze pg_temp.link;

create temporary table chain on commit drop as
with recursive chain as (
    select id, array[label] as path from pg_temp.link where top
    union all
    select link.id, chain.path || link.label
    from chain join pg_temp.link on link.parent = chain.id
)
select id, path from chain;

analyze pg_temp.chain;

update area as a
set path = chain.path
from pg_temp.chain
where a.id = chain.id and a.path is distinct from chain.path;

update plan as p
set path = a.path
from area as a
where a.net = 'admin' and a.code = p.scope and a.valid_to is null
    and a.path is distinct from p.path
