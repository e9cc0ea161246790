-- Question: which chain of codes leads from the top to each area that will be in force?
-- In: area; pg_temp.touched (areas about to be put in force, see retire_and_add_areas.sql). Run part
--   by part, before they are: so that each is written once, with its path.
-- Out: touched.path; area.path of the others in force, where it differs (codes of nets other than
--   admin and grid carry their net's name), and plan.path after its scope's. pg_temp.link (net,
--   code, label, parent_net, parent) and pg_temp.chain (net, code, path): what is in the first and
--   not in the second has no way to the top.
-- Index used: none; whole tables are hashed, for every area is asked about.
drop table if exists pg_temp.link, pg_temp.chain;

create temporary table link on commit drop as
with present as materialized (
    select net, code, parent
    from area
    where valid_to is null
        and not exists (select from pg_temp.touched where touched.old = area.id)
    union all
    select net, code, parent from pg_temp.touched where code is not null
)
select
    a.net,
    a.code,
    case when a.net in ('admin', 'grid') then a.code else a.net || ':' || a.code end as label,
    a.parent,
    coalesce(above.net, beside.net) as parent_net
from present as a
    left join present as above on above.net = 'admin' and above.code = a.parent
    left join present as beside on beside.net = a.net and beside.code = a.parent;

analyze pg_temp.link;

create temporary table chain on commit drop as
with recursive chain as (
    select net, code, array[label] as path from pg_temp.link where parent is null
    union all
    select link.net, link.code, chain.path || link.label
    from chain join pg_temp.link on link.parent_net = chain.net and link.parent = chain.code
)
select net, code, path from chain;

analyze pg_temp.chain;

update pg_temp.touched as t
set path = chain.path
from pg_temp.chain
where chain.net = t.net and chain.code = t.code;

update area as a
set path = chain.path
from pg_temp.chain
where chain.net = a.net and chain.code = a.code
    and a.valid_to is null
    and a.path is distinct from chain.path
    and not exists (select from pg_temp.touched where touched.old = a.id);

update plan as p
set path = chain.path
from pg_temp.chain
where chain.net = 'admin' and chain.code = p.scope and chain.path is distinct from p.path
