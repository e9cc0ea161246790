-- Question: which ground is an area, as it was or would be?
-- In: scope (code of an area of the admin or grid net, at their revisions `admin` and `grid`, or of
--   a draft `plan` or null). Out: geometry as well-known bytes; none, one or more rows.
-- Index used: area_code_history; the primary key of draft_area.
select ST_AsBinary(geom) as geometry
from area
where code = :scope
    and net in ('admin', 'grid')
    and valid_from <= case net when 'admin' then :admin else :grid end
    and (valid_to is null or valid_to > case net when 'admin' then :admin else :grid end)
union all
select ST_AsBinary(geom) from draft_area where plan = :plan and code = :scope
