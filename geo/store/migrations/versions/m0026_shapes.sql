-- Question: what do tiles draw?
-- In: area, place. Out: edition, one row each time shapes were made anew, with the revisions and the
--   import they were made of; shape, areas of a kind at a level, from an edition to another. Both
--   are made from the nets in force (geo.store.shown.shapes) and may be thrown away at any time.
-- Index used: shape_geom_N by level.
create table edition (
    number integer primary key,
    revisions jsonb not null,
    batch bigint not null default 0,
    made_at timestamptz not null default now()
);

create table shape (
    id bigint generated always as identity primary key,
    kind text not null,
    level smallint not null,
    code text collate "C" not null,
    name text not null default '',
    class text,
    parent text collate "C",
    special boolean not null default false,
    households integer,
    low integer,
    high integer,
    grids integer,
    in_band integer,
    mark text not null,
    geom geometry(Geometry, 3857) not null,
    since integer not null references edition (number),
    until integer references edition (number)
);
create index shape_now on shape (kind, level, code) where until is null;
create index shape_geom_8 on shape using gist (geom) where level = 8;
create index shape_geom_9 on shape using gist (geom) where level = 9;
create index shape_geom_10 on shape using gist (geom) where level = 10;
create index shape_geom_11 on shape using gist (geom) where level = 11;
create index shape_geom_12 on shape using gist (geom) where level = 12;
create index shape_geom_13 on shape using gist (geom) where level = 13;
create index shape_geom_14 on shape using gist (geom) where level = 14;
create index shape_geom_15 on shape using gist (geom) where level = 15;

grant select on edition, shape to jingwei_app;
alter table edition enable row level security;
alter table shape enable row level security;
create policy edition_read on edition for select to jingwei_app
    using (acting_person() is not null);
create policy shape_read on shape for select to jingwei_app
    using (acting_person() is not null);
