-- Question: how do the functions say again what they say to anybody who may call them?
-- In: calls_of_reporter(), merged_sources(), merged_root(), tasks_of_issue(). Out: as before 0022.
-- Index used: none.
create or replace function calls_of_reporter(which bigint, days integer) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select count(*)
    from issue as this
        join issue as each
            on each.reporter = this.reporter
            and coalesce(each.reported_at, each.received_at)
                between coalesce(this.reported_at, this.received_at) - make_interval(days => days)
                and coalesce(this.reported_at, this.received_at)
    where this.id = which;
end;

create or replace function merged_sources(which bigint) returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive merged as (
        select id, source from issue where merged_into = which
        union
        select i.id, i.source from issue as i join merged as m on i.merged_into = m.id
    )
    select coalesce(array_agg(distinct source), '{}') from merged;
end;

create or replace function merged_root(which bigint) returns table (id bigint, state text, path text[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive up as (
        select i.id, i.state, i.path, i.merged_into, 1 as steps from issue as i where i.id = which
        union all
        select i.id, i.state, i.path, i.merged_into, up.steps + 1
        from up join issue as i on i.id = up.merged_into
        where up.steps < 100
    )
    select up.id, up.state, up.path from up order by up.steps desc limit 1;
end;

create or replace function tasks_of_issue(which bigint) returns setof task
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$ select * from task where issue = which order by id for update $$;

drop function acting_may_ask(bigint);
