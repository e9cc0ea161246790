-- Question: which call of its reporter within so many days is an issue?
-- In: issue. Out: function calls_of_reporter, as before over the whole city; of an issue that the acting
--   person wrote down and does not dispatch, among those she wrote down alone: with telephones of her own
--   choice she could find out who has called. The owner's role counts all.
-- Index used: issue_reporter.
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
    where this.id = which
        and acting_may_ask(which)
        and (
            this.received_by <> acting_person()
            or each.received_by = acting_person()
            or this.path && (select duty_codes('{dispatcher}'))
            or (this.path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
            or not (session_user = 'jingwei_app' or current_setting('role') = 'jingwei_app')
        );
end;
