-- Question: who may make a task, as of 0064?
-- In: task. Out: the policy task_write as in 0020.
-- Index used: none.
alter policy task_write on task
    with check (
        made_by = acting_person()
        and (
            path && (select duty_codes('{dispatcher}'))
            or (path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0)
            or (
                kind in ('whistle', 'joint')
                and (path && (select duty_codes()) or acting_holds(issue))
            )
            or (kind = 'inspect' and acting_holds(issue))
            or (issue is null and path && (select duty_codes()))
        )
        and (issue is null or acting_sees(issue))
    );
