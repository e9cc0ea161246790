-- Question: which browsers did somebody sign in with before, so that what strangers guess elsewhere does
--   not keep them waiting?
-- In: account. Out: device (digest: of what the browser holds; failures, waits_until: of passwords tried
--   with it). For the owner's role alone.
-- Index used: the key of device; device_of.
create table device (
    digest text collate "C" primary key,
    party text collate "C" not null references account on delete cascade,
    failures integer not null default 0,
    waits_until timestamptz,
    ends_at timestamptz not null
);
create index device_of on device (party);
alter table device enable row level security;
