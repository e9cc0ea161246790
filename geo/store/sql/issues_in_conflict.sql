-- Question: which staged issues are there already, with other content?
-- In: pg_temp.staged_issues; of_all: whether it is told of all what differs, else of those alone that the
--   acting person received or dispatches, and any other one is in conflict without a word.
-- Out: key ("source reference"), fields that differ (position: where it lies), due_was and due_said (the
--   source's own due time as kept, and as staged now); by key.
-- What a file does not say contradicts nothing: lists that we write name no reporters. They do have
--   positions that we found by an address, or that a person chose.
-- Index used: issue_reference.
select
    c.key, case when c.is_told then c.fields else '{}' end as fields,
    case when c.is_told then c.due_was end as due_was,
    case when c.is_told then c.due_said end as due_said
from (
    select
        s.source || ' ' || s.reference as key,
        array_remove(
            array[
                case when i.service is distinct from s.service then 'service' end,
                case when i.text is distinct from s.text then 'text' end,
                case when i.address is distinct from s.address then 'address' end,
                case when i.reported_at is distinct from s.reported_at then 'reported_at' end,
                case when i.due_at is distinct from s.due_at then 'due_at' end,
                case when i.accuracy_m is distinct from s.accuracy_m then 'accuracy_m' end,
                case when s.confidential and not i.confidential then 'confidential' end,
                case
                    when s.reporter is not null and s.reporter is distinct from i.reporter
                    then 'reporter'
                end,
                case
                    when s.against is not null and s.against is distinct from i.against
                    then 'against'
                end,
                case
                    when case when s.located_by = '' then s.geom end
                        is distinct from coalesce(i.given, case when i.located_by = '' then i.geom end)
                        and (i.located_by = '' or s.geom is distinct from i.geom)
                    then 'position'
                end
            ],
            null
        ) as fields,
        i.due_at as due_was, s.due_at as due_said,
        coalesce(
            :of_all
            or i.received_by = (select acting_writer())
            or i.path && (select duty_codes('{dispatcher}'))
            or (i.path = '{}' and cardinality((select duty_codes('{dispatcher}'))) > 0),
            false
        ) as is_told
    from pg_temp.staged_issues as s
        join issue as i on i.source = s.source and i.reference = s.reference
) as c
where cardinality(c.fields) > 0 or not c.is_told
order by c.key
