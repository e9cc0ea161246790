-- Question: what do people say to each other about places of a draft, and who has it open now?
-- In: plan. Out: comment (a thread's first has a place, its answers have none; settled as a whole),
--   presence (what each person last said of where they are; lost when the server fails, and no loss).
-- Index used: comment_of_plan; the key of presence.
create table comment (
    id bigint generated always as identity primary key,
    plan bigint not null references plan on delete cascade,
    answers bigint references comment on delete cascade,
    geom geometry(Point, 4326),
    text text not null,
    settled_by text collate "C",
    settled_at timestamptz,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint comment_says_something check (length(text) between 1 and 2000),
    constraint comment_begins_at_a_place check ((answers is null) = (geom is not null)),
    constraint comment_settled_as_a_whole check (answers is null or settled_at is null)
);
create index comment_of_plan on comment (plan, id);

create unlogged table presence (
    plan bigint not null references plan on delete cascade,
    person text collate "C" not null,
    tool text not null default '',
    geom geometry(Point, 4326),
    seen_at timestamptz not null default now(),
    primary key (plan, person)
);

-- Everybody who sees the plan reads and says; nobody says anything in another's name.
alter table comment enable row level security;
alter table presence enable row level security;
grant select, insert on comment to jingwei_app;
grant update (settled_by, settled_at) on comment to jingwei_app;
grant select, insert, update on presence to jingwei_app;
create policy comment_read on comment for select to jingwei_app
    using (plan in (select id from plan));
create policy comment_say on comment for insert to jingwei_app
    with check (
        made_by = acting_person() and settled_at is null and plan in (select id from plan)
    );
create policy comment_settle on comment for update to jingwei_app
    using (answers is null and plan in (select id from plan))
    with check (coalesce(settled_by, acting_person()) = acting_person());
-- Where somebody was a minute ago is nobody's to read.
create policy presence_read on presence for select to jingwei_app
    using (
        person = acting_person()
        or (seen_at > now() - interval '1 minute' and plan in (select id from plan))
    );
create policy presence_say on presence for insert to jingwei_app
    with check (person = acting_person() and plan in (select id from plan));
create policy presence_renew on presence for update to jingwei_app
    using (person = acting_person());
