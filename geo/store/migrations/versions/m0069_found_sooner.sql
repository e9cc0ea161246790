-- Question: which issues came last, of all, whoever may see them?
-- In: issue. Out: newest_issues(most): the numbers of so many, the latest first, and nothing else of
--   them, for whoever acts as somebody; issue_reported in the order in which issues are listed.
-- Index used: issue_reported. Under row-level security PostgreSQL takes one issue in a hundred for
--   seen, and reads all of a district's to list the latest fifty.
drop index issue_reported;
create index issue_reported on issue ((coalesce(reported_at, received_at)), id);

create function newest_issues(most integer) returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
select array(
    select id
    from issue
    where acting_person() is not null
    order by coalesce(reported_at, received_at) desc, id desc
    limit most
)
$$;
revoke all on function newest_issues(integer) from public;
grant execute on function newest_issues(integer) to jingwei_app;
