-- Question: what may anybody learn of issues, and what was answered to a service's form?
-- In: service, issue, task, party, event. Out: services offered to anybody, with their forms;
--   answers to them; public_issue, the one way past row-level security: it shows what everybody may
--   see and nothing else, whoever asks. Words come from it only where they were written for a
--   public door; persons never do, their organisations do.
-- Index used: issue_public, the latest first; answer's key, event_subject, task_issue.
alter table service
    add column public boolean not null default true,
    add column form text not null default '';

create table answer (
    issue bigint not null references issue on delete cascade,
    code text collate "C" not null,
    value text[] not null,
    primary key (issue, code)
);
alter table answer enable row level security;
grant select, insert on answer to jingwei_app;
create policy answer_read on answer for select to jingwei_app
    using (exists (select from issue where issue.id = answer.issue));
create policy answer_write on answer for insert to jingwei_app
    with check (
        exists (
            select from issue where issue.id = answer.issue and received_by = acting_person()
        )
    );

create index issue_public on issue ((coalesce(reported_at, received_at)) desc, id desc)
    where not confidential;

create view public_issue with (security_barrier) as
select
    i.id,
    i.source,
    i.reference,
    i.service,
    s.name as service_name,
    i.state,
    i.outcome,
    case when i.source = 'open311' then i.text end as text,
    case when i.source = 'open311' then i.address end as address,
    i.community,
    i.subdistrict,
    -- Where somebody was met at home the place is shown to a hundred metres.
    case
        when i.source = 'open311' then i.geom
        else ST_SnapToGrid(i.geom, 0.001)
    end as geom,
    coalesce(i.reported_at, i.received_at) as requested_at,
    i.received_at,
    -- Each a question of its own: what a reader does not ask for is not looked up.
    (
        select max(e.at) from event as e where e.noun = 'issue' and e.subject = i.id::text
    ) as changed_at,
    (
        select t.due_at
        from task as t
        where t.issue = i.id and t.lead and t.state not in ('drafted', 'withdrawn')
        order by t.id desc
        limit 1
    ) as due_at,
    (
        select o.name
        from task as t
            join party as p on p.code = t.party
            left join party as o
                on o.code = case when p.kind = 'person' then p.parent else p.code end
                and o.kind <> 'person'
        where t.issue = i.id and t.lead and t.state not in ('drafted', 'withdrawn')
        order by t.id desc
        limit 1
    ) as agency,
    (
        select a.value
        from answer as a
        where a.issue = i.id and a.code = 'media_url' and i.source = 'open311'
    ) as media
from issue as i join service as s on s.code = i.service and s.public
where not i.confidential and acting_person() is not null;
grant select on public_issue to jingwei_app;
