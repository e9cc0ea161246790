-- Question: when is a resident asked whether it is solved, where several lead?
-- In: issue, task, review, event. Out: own_report(): as before, but it is finished, and its reporter
--   asked, once all leading tasks are done, not once the last who was called is.
-- Index used: as before.
create or replace function own_report()
returns table (
    id bigint, reference text, service_name text, state text, outcome text, text text, address text,
    lon double precision, lat double precision, received_at timestamptz, sent_at timestamptz,
    taken_at timestamptz, finished_at timestamptz, closed_at timestamptz, due_at timestamptz,
    agency text, reply text, solved boolean, satisfied boolean, answered_at timestamptz,
    answerable bigint, photos bigint
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive own as (
        select id, reference, service, text, address, geom, received_at, merged_into from issue
        where received_by = acting_person() and acting_person() like 'web:%' and source = 'web'
        limit 1
    ),
    -- What was merged is answered as the one that does the work.
    up (at, next) as (
        select own.id, own.merged_into from own
        union all
        select above.id, above.merged_into from up join issue as above on above.id = up.next
    ) cycle at set circle using way,
    root as (select at as which from up where not circle order by cardinality(way) desc limit 1),
    led as (
        select task.* from task join root on task.issue = root.which
        where task.lead and task.state not in ('drafted', 'withdrawn')
    ),
    last as (select * from led order by led.id desc limit 1),
    done as (
        select max(led.finished_at) as at from led
        having bool_and(led.state in ('done', 'closed'))
    ),
    answered as (
        select r.solved, r.satisfied, r.made_at from review as r join own on r.issue = own.id
        where r.kind = 'call_back'
        order by r.id desc
        limit 1
    ),
    over as (
        select e.at, told_of_event(e.detail, said.words) as detail
        from event as e
            join root on e.subject = root.which::text
            left join said on said.event = e.id
        where e.noun = 'issue' and e.detail -> 'issue' ->> 'state' = 'closed'
        order by e.id desc
        limit 1
    )
    select
        own.id, own.reference, s.name, i.state, i.outcome, own.text, own.address,
        ST_X(own.geom), ST_Y(own.geom), own.received_at, last.sent_at, last.taken_at,
        done.at,
        case when i.state = 'closed' then over.at end, last.due_at, o.name,
        coalesce(
            nullif(
                (
                    select string_agg(nullif(led.result, ''), '；' order by led.id)
                    from led where led.state in ('done', 'closed')
                ),
                ''
            ),
            case when i.state = 'closed'
                then coalesce(over.detail -> 'order' ->> 'result', over.detail -> 'order' ->> 'reason')
            end,
            ''
        ),
        answered.solved, answered.satisfied, answered.made_at,
        case
            when done.at is not null and (answered.made_at is null or answered.made_at < done.at)
            then last.id
        end,
        (select count(*) from attachment where attachment.issue = own.id and attachment.stage = 'before')
    from own
        join root on true
        join issue as i on i.id = root.which
        left join service as s on s.code = own.service
        left join last on true
        left join done on true
        left join answered on true
        left join over on true
        left join party as p on p.code = last.party
        left join party as o
            on o.code = case when p.kind = 'person' then p.parent else p.code end
            and o.kind <> 'person';
end;
