-- Question: how often was something asked for within a minute, in whichever process?
-- In: none. Out: pace (key: a digest of what and whose; minute: since 1970), without a log: what it holds is
--   over in two minutes, and gone when the database falls. For the owner's role alone.
-- Index used: the key of pace.
create unlogged table pace (
    minute bigint not null,
    key text collate "C" not null,
    count integer not null,
    primary key (minute, key)
);
alter table pace enable row level security;
