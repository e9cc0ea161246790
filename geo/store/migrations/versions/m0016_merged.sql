-- Question: which sources do the issues come from that were merged into one, over any number of
--   steps?
-- In: issue. Out: merged_sources(which); whoever sees the issue learns the sources, not the issues.
-- Index used: issue_merged_into.
create function merged_sources(which bigint) returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive merged as (
        select id, source from issue where merged_into = which
        union
        select i.id, i.source from issue as i join merged as m on i.merged_into = m.id
    )
    select coalesce(array_agg(distinct source), '{}') from merged;
end;

revoke all on function merged_sources(bigint) from public;
grant execute on function merged_sources(bigint) to jingwei_app;
