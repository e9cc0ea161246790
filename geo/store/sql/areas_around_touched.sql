-- Question: which areas stand beside those of a revision that is being made?
-- In: pg_temp.touched and, of its shapes, pg_temp.reached with an index of their boxes; net, reach
--   (degrees). Out: code, geometry (well-known bytes), by code.
-- Index used: those of area by shape and net where few are touched, that of pg_temp.reached where
--   few stand: under row-level security && finds either by a plain column only, so boxes are one.
select a.code, ST_AsBinary(a.geom) as geometry
from area as a
where a.net = :net and a.valid_to is null
    and a.id not in (select old from pg_temp.touched where old is not null)
    and a.id in (
        select near.id
        from pg_temp.reached as t join area as near on near.geom && t.box
        where near.net = :net and near.valid_to is null and ST_DWithin(t.geom, near.geom, :reach)
    )
order by a.code
