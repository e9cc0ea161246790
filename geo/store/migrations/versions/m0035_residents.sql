-- Question: what may whoever reported something without an account learn of it, and answer?
-- In: issue, task, review, event, party, service. Each of them acts as a person of its own, named
--   'web:' and the number of the report: row-level security gives it that issue and no other. Out:
--   own_report() (how far it is, by which organisation, what was answered; no person, no word of
--   others), answer_call_back() (what the reporter says of a result; once for each result).
-- Index used: issue_received_by; task_issue, event_subject, review_issue.
create function own_report()
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
        select * from issue
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
    said as (
        select r.solved, r.satisfied, r.made_at from review as r join own on r.issue = own.id
        where r.kind = 'call_back'
        order by r.id desc
        limit 1
    ),
    over as (
        select e.at, e.detail
        from event as e join root on e.subject = root.which::text
        where e.noun = 'issue' and e.detail -> 'issue' ->> 'state' = 'closed'
        order by e.id desc
        limit 1
    )
    select
        own.id, own.reference, s.name, i.state, i.outcome, own.text, own.address,
        ST_X(own.geom), ST_Y(own.geom), own.received_at, last.sent_at, last.taken_at,
        last.finished_at,
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
        said.solved, said.satisfied, said.made_at,
        case
            when last.finished_at is not null and last.state in ('done', 'closed')
                and (said.made_at is null or said.made_at < last.finished_at)
            then last.id
        end,
        (select count(*) from attachment where attachment.issue = own.id and attachment.stage = 'before')
    from own
        join root on true
        join issue as i on i.id = root.which
        left join service as s on s.code = own.service
        left join last on true
        left join said on true
        left join over on true
        left join party as p on p.code = last.party
        left join party as o
            on o.code = case when p.kind = 'person' then p.parent else p.code end
            and o.kind <> 'person';
end;

create function answer_call_back(is_solved boolean, is_satisfied boolean, words text)
returns bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    -- Two answers at once: the second waits, and finds that nothing is left to answer.
    select from issue where received_by = acting_person() and source = 'web' for update;
    insert into review (kind, issue, task, rater, ratee, solved, satisfied, text, path, made_by)
    select
        'call_back', r.id, t.id, 'reporter', t.party, is_solved, is_satisfied, words, i.path,
        acting_person()
    from own_report() as r
        join task as t on t.id = r.answerable
        join issue as i on i.id = r.id
    returning id;
end;

revoke all on function own_report(), answer_call_back(boolean, boolean, text) from public;
grant execute on function own_report(), answer_call_back(boolean, boolean, text) to jingwei_app;
