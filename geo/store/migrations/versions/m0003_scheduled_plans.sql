-- Question: who ordered a plan to come into force on its day, and which revision superseded it?
-- In: plan, revision. Out: two columns and two states; what superseded plans of old is worked out.
-- Index used: plan_scheduled, when a day comes.
alter table plan
    add column scheduled_by text collate "C",
    add column superseded_by integer,
    drop constraint plan_state_known,
    add constraint plan_state_known check (
        state in (
            'draft', 'submitted', 'checked', 'approved', 'scheduled', 'lapsed', 'in_force',
            'superseded'
        )
    ),
    add constraint plan_scheduled_whole check (
        state <> 'scheduled' or (effective_on is not null and scheduled_by is not null)
    );
create index plan_scheduled on plan (effective_on, id) where state = 'scheduled';
create index plan_superseded_by on plan (net, superseded_by) where superseded_by is not null;

update plan as p
set superseded_by = (
    select min(r.number)
    from revision as r
    where r.net = p.net
        and r.number > p.revision
        and (
            (r.kind = 'plan' and p.path @> array[r.scope])
            or (r.kind = 'rollback' and r.undoes = p.revision)
        )
)
where p.state = 'superseded';
