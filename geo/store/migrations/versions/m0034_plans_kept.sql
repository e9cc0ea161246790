-- Question: how do the questions that policies ask with every statement cost little?
-- In: duty_codes, acting_parties, acting_issues, acting_holds, acting_sees, sent_by_rule, as they were.
-- Out: the same answers; in plpgsql, which plans each once a connection and not with every statement.
-- Index used: as before.
create or replace function duty_codes(roles text[] default null) returns text[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return (
        select coalesce(
            array_agg(
                distinct case when coalesce(d.net, 'admin') in ('admin', 'grid') then d.area
                else d.net || ':' || d.area end
            ),
            '{}'
        )
        from duty as d
        where d.party = acting_person()
            and d.area is not null
            and d.valid_from <= current_date
            and (d.valid_to is null or d.valid_to > current_date)
            and (duty_codes.roles is null or d.role = any (duty_codes.roles))
    );
end
$$;

create or replace function acting_parties() returns text[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return (
        with recursive above as (
            select code, parent from party where code = acting_person()
            union
            select p.code, p.parent from party as p join above as a on p.code = a.parent
        )
        select coalesce(array_agg(code), '{}') from above
    );
end
$$;

create or replace function acting_issues() returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    parties constant text[] := acting_parties();
begin
    return (
        select coalesce(array_agg(distinct held.issue), '{}')
        from (
            select issue from task where issue is not null and party = any (parties)
            union all
            select issue from task
            where issue is not null and passed_on <> '{}' and passed_on && parties
        ) as held
    );
end
$$;

create or replace function acting_holds(which bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select from task as t where t.issue = which and t.party = any (acting_parties())
    );
end
$$;

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

create or replace function sent_by_rule(which bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select from issue as i join service as s on s.code = i.service
        where i.id = which
            and i.received_by = acting_person()
            and i.received_at = now()
            and s.auto_send
    );
end
$$;
