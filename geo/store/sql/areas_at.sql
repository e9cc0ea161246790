-- Question: which areas of a net were in force at a revision, below an area as it was then?
-- In: net, number; admin, the revision of the admin net at that time; kind or null; scope (code of an
--   area of the admin net). `path` is that of now, so the way down goes by parents.
-- Out: as areas_in_force.sql.
-- Index used: area_code_history; area_parent on the way down.
with recursive below as (
    select net, code
    from area
    where code = :scope
        and net in ('admin', :net)
        and valid_from <= case net when 'admin' then :admin else :number end
        and (valid_to is null or valid_to > case net when 'admin' then :admin else :number end)
    union
    select a.net, a.code
    from below
        join area as a on a.parent = below.code and below.net in ('admin', a.net)
    where a.net in ('admin', :net)
        and a.valid_from <= case a.net when 'admin' then :admin else :number end
        and (
            a.valid_to is null or a.valid_to > case a.net when 'admin' then :admin else :number end
        )
)
select
    a.net, a.kind, a.code, a.name, a.parent, a.rule, a.special, a.class,
    ST_AsBinary(a.geom) as geometry, a.valid_from, a.valid_to
from below join area as a on a.net = below.net and a.code = below.code
where a.net = :net
    and a.valid_from <= :number
    and (a.valid_to is null or a.valid_to > :number)
    and (cast(:kind as text) is null or a.kind = :kind)
order by a.code
