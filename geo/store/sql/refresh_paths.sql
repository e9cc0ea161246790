-- Question: which chain of codes leads from the top to each area that will be in force?
-- In: area; pg_temp.touched (areas about to be put in force, see retire_and_add_areas.sql). Run part
--   by part, before they are: so that each is written once, with its path.
-- Out: touched.path; area.path of the others in force, where it differs (codes of nets other than
--   admin and grid carry their net's name), and plan.path after its scope's. pg_temp.link (net,
--   code, label, parent_net, parent: the touched, and what lies below one of them; whatever else is
--   in force has the way to the top that it had) and pg_temp.chain (net, code, path): what is in the
--   first and not in the second has no way to the top.
-- Index used: area_path by label; area_code_now by parent.
drop table if exists pg_temp.label, pg_temp.below, pg_temp.link, pg_temp.chain;

create temporary table label on commit drop as
with named as (
    select net, code from pg_temp.touched where code is not null
    union
    select net, code from area where id in (select old from pg_temp.touched)
)
select case when net in ('admin', 'grid') then code else net || ':' || code end as label
from named
union
-- What has a parent in its own net has it in this one from now on, if the code is the same.
select net.name || ':' || named.code
from named cross join net
where named.net = 'admin' and net.name not in ('admin', 'grid');

analyze pg_temp.label;

analyze pg_temp.touched (old);

create temporary table below on commit drop as
select distinct a.id, a.net, a.code, a.parent
from pg_temp.label join area as a on a.path @> array[label.label]
where a.valid_to is null
    and not exists (select from pg_temp.touched where touched.old = a.id);

analyze pg_temp.below;

create temporary table link on commit drop as
with upcoming as materialized (
    select net, code, parent from pg_temp.below
    union all
    select net, code, parent from pg_temp.touched where code is not null
),
parents as (
    select net, code, cast(null as text[]) as path from upcoming
    union all
    select a.net, a.code, a.path
    from (select distinct parent from upcoming) as asked
        cross join net
        join area as a on a.net = net.name and a.code = asked.parent and a.valid_to is null
    where not exists (select from pg_temp.touched where touched.old = a.id)
        and not exists (select from pg_temp.below where below.id = a.id)
)
select
    a.net,
    a.code,
    case when a.net in ('admin', 'grid') then a.code else a.net || ':' || a.code end as label,
    a.parent,
    coalesce(above.net, beside.net) as parent_net,
    case when above.net is null then beside.path else above.path end as parent_path
from upcoming as a
    left join parents as above on above.net = 'admin' and above.code = a.parent
    left join parents as beside on beside.net = a.net and beside.code = a.parent;

analyze pg_temp.link;

create temporary table chain on commit drop as
with recursive chain as (
    select net, code, parent_path || label as path
    from pg_temp.link
    where parent is null or parent_path is not null
    union all
    select link.net, link.code, chain.path || link.label
    from chain join pg_temp.link on link.parent_net = chain.net and link.parent = chain.code
    where link.parent_path is null
)
select net, code, path from chain;

analyze pg_temp.chain;

update pg_temp.touched as t
set path = chain.path
from pg_temp.chain
where chain.net = t.net and chain.code = t.code;

update area as a
set path = chain.path
from pg_temp.below
    join pg_temp.chain on chain.net = below.net and chain.code = below.code
where a.id = below.id and a.path is distinct from chain.path;

update plan as p
set path = chain.path
from pg_temp.chain
where chain.net = 'admin' and chain.code = p.scope and chain.path is distinct from p.path
