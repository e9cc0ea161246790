-- Question: who reported an issue, against whom, and how did its position come about?
-- In: issue. Out: columns for them; calls_of_reporter() (how many issues one person reported).
--   `reporter` is a keyed hash, never a number. `given` is the source's own position where a person
--   put another in its place; without it `geom` is the source's, or found by the address.
-- Index used: issue_reporter, for repeat callers.
alter table issue
    add column reporter text collate "C",
    add column against text collate "C",
    add column confidential boolean not null default false,
    add column located_by text not null default '',
    add column located_as text collate "C",
    add column located_score double precision,
    add column given geometry(Point, 4326),
    add constraint issue_reporter_is_key check (reporter ~ '^[0-9a-f]{32}$'),
    add constraint issue_located_by_known check (located_by in ('', 'address', 'chosen'));
create index issue_reporter on issue (reporter, coalesce(reported_at, received_at))
    where reporter is not null;

-- Over the whole city: whoever may see one issue of a person learns how many there were, not which.
create function calls_of_reporter(which bigint, days integer) returns bigint
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

revoke all on function calls_of_reporter(bigint, integer) from public;
grant execute on function calls_of_reporter(bigint, integer) to jingwei_app;
