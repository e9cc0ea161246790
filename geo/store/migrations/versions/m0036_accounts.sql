-- Question: who may sign in, by what, and which browsers are signed in now?
-- In: party. Out: account (a person's own, at most one), session (a digest of what the browser
--   holds). The app role reads neither: who signs in is nobody yet.
-- Index used: the keys; session_of for ending all of a person's.
create table account (
    party text collate "C" primary key references party,
    name text collate "C" not null unique,
    password text collate "C",
    one_time_until timestamptz,
    subject text collate "C" unique,
    failures integer not null default 0,
    waits_until timestamptz,
    signed_in_at timestamptz,
    closed_at timestamptz,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint account_name_plain check (name = lower(name) and length(name) between 1 and 128)
);
create table session (
    digest text collate "C" primary key,
    party text collate "C" not null references account on delete cascade,
    way text not null,
    seen_at timestamptz not null default now(),
    ends_at timestamptz not null,
    made_at timestamptz not null default now(),
    constraint session_way_known check (way in ('password', 'city'))
);
create index session_of on session (party);

alter table account enable row level security;
alter table session enable row level security;
