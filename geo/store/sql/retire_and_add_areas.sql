-- Question: how do changed and new areas become a revision of their net?
-- In: pg_temp.touched (an area's columns, old: id of the row it replaces or null), net, number.
-- Out: area rows: replaced ones end at the revision, new ones begin with it.
-- Index used: the primary key of area.
update area set valid_to = :number
where id in (select old from pg_temp.touched where net = :net);

insert into area (
    net, kind, code, name, parent, rule, special, class, path, geom, valid_from
)
select net, kind, code, name, parent, rule, special, class, path, geom, :number
from pg_temp.touched
where net = :net and code is not null
order by code
