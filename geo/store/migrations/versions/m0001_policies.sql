-- Question: who may read and write which rows?
-- In: the tables, the role jingwei_app. Out: row-level security on every table; the owner is exempt.
-- Index used: duty_now by party; the codes of a person's duties are read once for each query.
-- Without an acting person (set_config 'jingwei.person') every policy is false or null.

create function acting_person() returns text
language sql stable parallel safe
return nullif(current_setting('jingwei.person', true), '');

-- Codes of the areas on which the acting person holds a duty, of these roles or of any. An area
-- lies within a duty when its path holds one of them. Other nets' codes carry their net's name.
create function duty_codes(roles text[] default null) returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select coalesce(
        array_agg(
            distinct case when coalesce(net, 'admin') in ('admin', 'grid') then area
            else net || ':' || area end
        ),
        '{}'
    )
    from duty
    where party = acting_person()
        and area is not null
        and valid_from <= current_date
        and (valid_to is null or valid_to > current_date)
        and (roles is null or role = any (roles));
end;

revoke all on function duty_codes(text[]) from public;
grant execute on function duty_codes(text[]) to jingwei_app;
grant usage on schema public to jingwei_app;

grant select on net, revision, area, place, party, duty, service, import_batch, code_history, rule
    to jingwei_app;
grant insert, update on net, revision, area to jingwei_app;
grant select, insert, update on plan, issue, task to jingwei_app;
grant select, insert, update, delete on atom, draft_area to jingwei_app;
grant select, insert on event to jingwei_app;

alter table net enable row level security;
alter table revision enable row level security;
alter table area enable row level security;
alter table place enable row level security;
alter table party enable row level security;
alter table duty enable row level security;
alter table service enable row level security;
alter table import_batch enable row level security;
alter table code_history enable row level security;
alter table rule enable row level security;
alter table plan enable row level security;
alter table atom enable row level security;
alter table draft_area enable row level security;
alter table issue enable row level security;
alter table task enable row level security;
alter table event enable row level security;

-- What is public within the city: any named person reads it.
create policy net_read on net for select to jingwei_app
    using (acting_person() is not null);
create policy revision_read on revision for select to jingwei_app
    using (acting_person() is not null);
create policy area_read on area for select to jingwei_app
    using (acting_person() is not null);
create policy place_read on place for select to jingwei_app
    using (acting_person() is not null);
create policy party_read on party for select to jingwei_app
    using (acting_person() is not null);
create policy duty_read on duty for select to jingwei_app
    using (acting_person() is not null);
create policy service_read on service for select to jingwei_app
    using (acting_person() is not null);
create policy import_batch_read on import_batch for select to jingwei_app
    using (acting_person() is not null);
create policy code_history_read on code_history for select to jingwei_app
    using (acting_person() is not null);
create policy rule_read on rule for select to jingwei_app
    using (acting_person() is not null);

-- Publishing: an approver, within the areas of that duty.
create policy net_publish on net for update to jingwei_app
    using (cardinality((select duty_codes('{approver}'))) > 0);
create policy net_open on net for insert to jingwei_app
    with check (cardinality((select duty_codes('{approver}'))) > 0);
create policy revision_publish on revision for insert to jingwei_app
    with check (made_by = acting_person() and path && (select duty_codes('{approver}')));
create policy area_publish on area for insert to jingwei_app
    with check (path && (select duty_codes('{approver}')));
create policy area_retire on area for update to jingwei_app
    using (path && (select duty_codes('{approver}')));

-- Drafts: who holds a duty on the scope or on an area above it.
create policy plan_read on plan for select to jingwei_app
    using (path && (select duty_codes()));
create policy plan_write on plan for insert to jingwei_app
    with check (
        made_by = acting_person()
        and path && (select duty_codes('{planner,checker,approver}'))
    );
create policy plan_change on plan for update to jingwei_app
    using (path && (select duty_codes('{planner,checker,approver}')));
create policy atom_read on atom for select to jingwei_app
    using (plan in (select id from plan));
create policy atom_write on atom to jingwei_app
    using (
        plan in (
            select id from plan where path && (select duty_codes('{planner,checker,approver}'))
        )
    );
create policy draft_area_read on draft_area for select to jingwei_app
    using (plan in (select id from plan));
create policy draft_area_write on draft_area to jingwei_app
    using (
        plan in (
            select id from plan where path && (select duty_codes('{planner,checker,approver}'))
        )
    );

-- Work: within the areas of one's duties, or one's own; what nobody owns is for dispatchers.
create policy task_read on task for select to jingwei_app
    using (
        path && (select duty_codes()) or party = acting_person() or made_by = acting_person()
    );
create policy task_write on task for insert to jingwei_app
    with check (
        made_by = acting_person()
        and (
            path && (select duty_codes('{dispatcher}'))
            or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
        )
    );
create policy task_change on task for update to jingwei_app
    using (
        path && (select duty_codes()) or party = acting_person() or made_by = acting_person()
    );
create policy issue_read on issue for select to jingwei_app
    using (
        path && (select duty_codes())
        or received_by = acting_person()
        or id in (select issue from task where party = acting_person())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );
create policy issue_write on issue for insert to jingwei_app
    with check (received_by = acting_person());
create policy issue_change on issue for update to jingwei_app
    using (
        path && (select duty_codes())
        or id in (select issue from task where party = acting_person())
        or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
    );

-- History: appended by the acting person, never edited.
create policy event_read on event for select to jingwei_app
    using (path && (select duty_codes()) or person = acting_person());
create policy event_append on event for insert to jingwei_app
    with check (person = acting_person());
