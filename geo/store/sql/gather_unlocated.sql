-- Question: which staged issues are new, and what is needed to say where each lies?
-- In: pg_temp.staged_issues; srid, the system to measure in. Run part by part.
-- Out: pg_temp.located and pg_temp.lane_metres, as assign_issues.sql wants them.
-- Index used: issue_reference; area_lane_geom_now.
drop table if exists pg_temp.located, pg_temp.lane_metres;

create temporary table located on commit drop as
select
    row_number() over () as id,
    s.*,
    ST_Transform(s.geom, cast(:srid as integer)) as metres,
    cast(null as text) as grid,
    cast(null as text) as community,
    cast(null as text) as subdistrict,
    cast(null as text) as lane,
    cast('{}' as text[]) as path
from pg_temp.staged_issues as s
where not exists (
    select from issue as i where i.source = s.source and i.reference = s.reference
);

create index on pg_temp.located using gist (geom);

create index on pg_temp.located (id);

create temporary table lane_metres on commit drop as
select code, parent, ST_Transform(geom, cast(:srid as integer)) as geom
from area
where net = 'lane' and valid_to is null;

create index on pg_temp.lane_metres using gist (geom);

analyze pg_temp.located;

analyze pg_temp.lane_metres
