-- Question: who may make a task?
-- In: task. Out: the policy task_write, by which whoever holds an issue may report it up: a leading task
--   for somebody else, as handing over could give it already.
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
            or (
                kind = 'handle' and lead
                and party <> all ((select acting_parties())::text[]) and acting_holds(issue)
            )
            or (issue is null and path && (select duty_codes()))
        )
        and (issue is null or acting_sees(issue))
    );
