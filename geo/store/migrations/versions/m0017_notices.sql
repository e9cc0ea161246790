-- Question: which notices has a person read?
-- In: task. Out: notice_read, each person's own. Notices themselves are a question, not rows: none
--   can be lost or outlive what it is about.
-- Index used: the key.
create table notice_read (
    person text collate "C" not null,
    kind text collate "C" not null,
    task bigint not null references task on delete cascade,
    since timestamptz not null,
    read_at timestamptz not null default now(),
    primary key (person, kind, task, since)
);
grant select, insert on notice_read to jingwei_app;
alter table notice_read enable row level security;
create policy notice_read_own on notice_read for select to jingwei_app
    using (person = acting_person());
create policy notice_read_mark on notice_read for insert to jingwei_app
    with check (person = acting_person() and task in (select id from task));
