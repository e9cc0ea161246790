-- Question: what does somebody still see of what she wrote down herself, and of which issues does
--   acting_reads() tell?
-- In: duty, issue, task. Out: acting_writer() (whoever acts, unless all duties she had are over: what
--   she once received or made is then no more hers to read than anything else); acting_reads() says
--   no word of an issue whose words whoever asks does not see.
-- Index used: duty_party; the key of issue.
create function acting_writer() returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return (
        select acting_person()
        from duty
        where party = acting_person()
        having count(*) = 0 or bool_or(valid_to is null or valid_to > current_date)
    );
end
$$;
revoke all on function acting_writer() from public;
grant execute on function acting_writer() to jingwei_app;

create or replace function acting_sees(which bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select from issue as i
        where i.id = which
            and (
                i.received_by = acting_writer()
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

-- Its dispatchers, those it was sent to, and whoever wrote it down; else whoever sees it.
create or replace function acting_reads(which bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select from issue as i
        where i.id = which
            and case
                when i.confidential then
                    i.received_by = acting_writer()
                    or i.path && duty_codes('{dispatcher}')
                    or acting_holds(which)
                else acting_sees(which)
            end
    );
end
$$;

-- What is read is seen: asked once.
alter policy attachment_read on attachment using (
    case when issue is null then exists (select from task as t where t.id = attachment.task)
    else acting_reads(issue)
    end
);
alter policy answer_read on answer using (acting_reads(issue));

alter policy issue_read on issue using (
    path && (select duty_codes())
    or received_by = (select acting_writer())
    or path = (
        select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end
    )
    or id = any ((select acting_issues())::bigint[])
);
alter policy task_read on task using (
    (not confidential and path && (select duty_codes()))
    or made_by = (select acting_writer())
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
    or made_by = (select acting_writer())
    or party = any ((select acting_parties())::text[])
    or (confidential and path && (select duty_codes('{approver}')))
    or (
        not confidential
        and path = (
            select case when cardinality(duty_codes('{dispatcher}')) > 0 then '{}'::text[] end
        )
    )
);

-- Nor is whoever wrote it down told how to reach the reporter once her duties are over.
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
                i.received_by = acting_writer()
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
