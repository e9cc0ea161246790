-- Question: which shapes are other than those of the edition before?
-- In: edition, its number; pg_temp.fresh_shape, what tiles draw from now on.
-- Out: shape: what is no longer drawn ends with the edition, what is new begins with it.
-- Index used: shape_now.
update shape as s
set until = :edition
where s.until is null
    and not exists (
        select from fresh_shape as f
        where (f.kind, f.level, f.code, f.mark) = (s.kind, s.level, s.code, s.mark)
    );
insert into shape (
    kind, level, code, name, class, parent, special, households, low, high, grids, in_band,
    mark, geom, since
)
select
    f.kind, f.level, f.code, f.name, f.class, f.parent, f.special, f.households, f.low, f.high,
    f.grids, f.in_band, f.mark, f.geom, cast(:edition as integer)
from fresh_shape as f
where not exists (
        select from shape as s
        where s.until is null
            and (s.kind, s.level, s.code, s.mark) = (f.kind, f.level, f.code, f.mark)
    )
order by f.kind, f.level, f.code;
analyze shape
