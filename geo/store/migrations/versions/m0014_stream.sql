-- Question: which of these events may each of these persons see?
-- In: persons, numbers of events. Out: events_seen(persons, ids): one row a person and event.
--   Row-level security itself answers, for one person after another: the function has no rights of
--   its own, so that what the policies say of events is said once.
-- Index used: the primary key of event.
create function events_seen(persons text[], ids bigint[])
returns table (person text, event bigint)
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
    foreach person in array persons loop
        perform set_config('jingwei.person', person, true);
        return query select events_seen.person, e.id from event as e where e.id = any (ids);
    end loop;
    perform set_config('jingwei.person', '', true);
end
$$;
revoke all on function events_seen(text[], bigint[]) from public;
grant execute on function events_seen(text[], bigint[]) to jingwei_app;
