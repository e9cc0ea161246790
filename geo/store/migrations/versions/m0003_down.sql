-- Question: how is the third version taken back?
-- In: plan. Out: scheduled and lapsed plans are approved ones again, without a day.
update plan set state = 'approved', effective_on = null where state in ('scheduled', 'lapsed');
drop index plan_scheduled, plan_superseded_by;
alter table plan
    drop constraint plan_scheduled_whole,
    drop column scheduled_by,
    drop column superseded_by,
    drop constraint plan_state_known,
    add constraint plan_state_known check (
        state in ('draft', 'submitted', 'checked', 'approved', 'in_force', 'superseded')
    );
