-- Question: how is the seventy-sixth version taken back?
-- In: issue. Out: function calls_of_reporter as it was. Index used: issue_reporter.
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
    where this.id = which and acting_may_ask(which);
end;
