-- Question: who sees what she wrote down herself, as of 0066?
-- In: issue, task, attachment, answer. Out: the policies and functions as they were.
-- Index used: the key of issue.
alter policy issue_read on issue using (
    path && (select duty_codes())
    or received_by = (select acting_person())
    or path = (
        select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end
    )
    or id = any ((select acting_issues())::bigint[])
);
alter policy task_read on task using (
    (not confidential and path && (select duty_codes()))
    or made_by = (select acting_person())
    or party = any ((select acting_parties())::text[])
    or among && (select acting_parties())
    or (not confidential and passed_on && (select acting_parties()))
    or (confidential and path && (select duty_codes('{approver}')))
    or (
        not confidential
        and path = (
            select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end
        )
    )
);
alter policy task_change on task using (
    (not confidential and path && (select duty_codes()))
    or made_by = (select acting_person())
    or party = any ((select acting_parties())::text[])
    or (confidential and path && (select duty_codes('{approver}')))
    or (
        not confidential
        and path = (
            select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end
        )
    )
);

alter policy attachment_read on attachment using (
    case when issue is null then exists (select from task as t where t.id = attachment.task)
    else exists (select from issue as i where i.id = attachment.issue) and acting_reads(issue)
    end
);
alter policy answer_read on answer using (
    exists (select from issue where issue.id = answer.issue) and acting_reads(answer.issue)
);

create or replace function acting_sees(which bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select from issue as i
        where i.id = which
            and (
                i.received_by = acting_person()
                or i.path && duty_codes()
                or acting_holds(which)
                or exists (
                    select from task as t where t.issue = which and t.passed_on && acting_parties()
                )
                or (i.path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
            )
    );
end
$$;

create or replace function acting_reads(which bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select coalesce(
        (
            select not confidential
                or received_by = acting_person()
                or path && duty_codes('{dispatcher}')
                or acting_holds(id)
            from issue
            where id = which
        ),
        false
    );
end;

create or replace function show_contact(which bigint, reason text)
returns table (reporter text, wrapped bytea, sealed bytea)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if char_length(translate(
        coalesce(reason, ''),
        E' \t\n\r\f\v\u0085\u00a0\u00ad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'
            '\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\u3164\ufeff',
        ''
    )) < 2 then
        raise exception using
            errcode = 'check_violation', message = 'nobody is told how a reporter is reached without a reason';
    end if;
    return query
    with asked as (
        select i.id, i.path, c.reporter, c.wrapped, c.sealed
        from issue as i join contact as c on c.reporter = i.reporter
        where i.id = which
            and (
                i.received_by = acting_person()
                or i.path && duty_codes('{dispatcher}')
                or acting_holds(i.id)
            )
    ),
    told as (
        insert into event (noun, subject, name, detail, path, person)
        select
            'person', asked.id::text, 'show',
            jsonb_build_object('issue', asked.id, 'reason', show_contact.reason), asked.path,
            acting_person()
        from asked
    )
    select asked.reporter, asked.wrapped, asked.sealed from asked;
end
$$;

drop function acting_writer();
