-- Question: which tables, indexes and checks does the first version of the store have?
-- In: an empty schema with PostGIS. Out: every table, owned by the migrating role.
-- Codes are compared by bytes (COLLATE "C"). `path` is the chain of codes from the top area down.

create table net (
    name text collate "C" primary key,
    number integer not null default 0,
    constraint net_number_counts check (number >= 0)
);

create table import_batch (
    id bigint generated always as identity primary key,
    noun text not null,
    file text not null default '',
    sha256 text not null default '',
    report jsonb not null default '{}',
    made_by text collate "C" not null,
    made_at timestamptz not null default now()
);

create table plan (
    id bigint generated always as identity primary key,
    net text collate "C" not null,
    scope text collate "C" not null,
    path text[] collate "C" not null,
    title text not null,
    base integer not null,
    state text not null default 'draft',
    effective_on date,
    revision integer,
    version integer not null default 1,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint plan_state_known check (
        state in ('draft', 'submitted', 'checked', 'approved', 'in_force', 'superseded')
    )
);
create index plan_path on plan using gin (path);

create table revision (
    net text collate "C" not null references net,
    number integer not null,
    kind text not null,
    scope text collate "C",
    path text[] collate "C" not null default '{}',
    plan bigint references plan,
    batch bigint references import_batch,
    undoes integer,
    effective_on date not null,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    primary key (net, number),
    constraint revision_kind_known check (kind in ('import', 'plan', 'rollback'))
);
create index revision_effective on revision (net, effective_on, number);

create table area (
    id bigint generated always as identity primary key,
    net text collate "C" not null,
    kind text not null,
    code text collate "C" not null,
    name text not null default '',
    parent text collate "C",
    rule text,
    special boolean not null default false,
    class text,
    path text[] collate "C" not null,
    geom geometry(Geometry, 4326) not null,
    valid_from integer not null,
    valid_to integer,
    foreign key (net, valid_from) references revision (net, number),
    foreign key (net, valid_to) references revision (net, number),
    constraint area_code_given check (code <> ''),
    constraint area_rule_known check (rule in ('urban', 'village', 'special')),
    constraint area_validity_ordered check (valid_to > valid_from),
    constraint area_geom_whole check (not ST_IsEmpty(geom) and ST_IsValid(geom))
);
create unique index area_code_now on area (net, code) where valid_to is null;
create index area_code_history on area (net, code, valid_from);
create index area_parent on area (parent);
create index area_path on area using gin (path);
create index area_geom on area using gist (geom);
create index area_grid_geom_now on area using gist (geom) where net = 'grid' and valid_to is null;
create index area_lane_geom_now on area using gist (geom) where net = 'lane' and valid_to is null;
create index area_admin_geom_now on area using gist (geom)
    where net = 'admin' and valid_to is null;

create table atom (
    plan bigint not null references plan on delete cascade,
    code text collate "C" not null,
    households integer not null default 0,
    within text collate "C" not null,
    estate text collate "C",
    grid text collate "C",
    previous text collate "C",
    geom geometry(Geometry, 4326) not null,
    primary key (plan, code),
    constraint atom_households_counts check (households >= 0),
    constraint atom_geom_whole check (not ST_IsEmpty(geom) and ST_IsValid(geom))
);

create table draft_area (
    plan bigint not null references plan on delete cascade,
    code text collate "C" not null,
    name text not null default '',
    parent text collate "C" not null,
    rule text,
    special boolean not null default false,
    households integer not null default 0,
    geom geometry(Geometry, 4326) not null,
    primary key (plan, code),
    constraint draft_area_geom_whole check (not ST_IsEmpty(geom) and ST_IsValid(geom))
);
create index draft_area_geom on draft_area using gist (geom);

create table place (
    id bigint generated always as identity primary key,
    kind text not null,
    code text collate "C" not null,
    name text not null default '',
    address text not null default '',
    households integer not null default 0,
    dwellings integer not null default 0,
    people integer not null default 0,
    floors integer,
    units integer,
    estate text collate "C",
    grid text collate "C",
    class text,
    footprint geometry(Geometry, 4326),
    geom geometry(Point, 4326) not null,
    batch bigint references import_batch,
    constraint place_counts check (households >= 0 and dwellings >= 0 and people >= 0),
    constraint place_geom_whole check (not ST_IsEmpty(geom)),
    constraint place_footprint_whole check (not ST_IsEmpty(footprint) and ST_IsValid(footprint))
);
create unique index place_code on place (kind, code);
create index place_geom on place using gist (geom);

create table party (
    code text collate "C" primary key,
    kind text not null,
    name text not null,
    parent text collate "C" references party deferrable initially deferred
);

create table service (
    code text collate "C" primary key,
    name text not null,
    kind text not null default 'request',
    parent text collate "C" references service deferrable initially deferred,
    default_role text not null default 'grid_worker'
);

create table duty (
    id bigint generated always as identity primary key,
    party text collate "C" not null references party,
    role text not null,
    net text collate "C",
    area text collate "C",
    service text collate "C",
    lead boolean not null default true,
    full_time boolean not null default true,
    valid_from date not null default current_date,
    valid_to date,
    constraint duty_validity_ordered check (valid_to >= valid_from)
);
create unique index duty_now on duty (party, role, net, area, service)
    nulls not distinct where valid_to is null;
create index duty_area on duty (area, role) where valid_to is null;

create table issue (
    id bigint generated always as identity primary key,
    source text not null,
    reference text collate "C" not null,
    service text collate "C",
    text text not null default '',
    address text not null default '',
    reported_at timestamptz,
    due_at timestamptz,
    accuracy_m double precision,
    geom geometry(Point, 4326),
    grid text collate "C",
    community text collate "C",
    subdistrict text collate "C",
    lane text collate "C",
    path text[] collate "C" not null default '{}',
    grid_revision integer not null,
    admin_revision integer not null,
    state text not null default 'new',
    outcome text,
    version integer not null default 1,
    batch bigint references import_batch,
    received_by text collate "C" not null,
    received_at timestamptz not null default now(),
    constraint issue_reference_given check (reference <> ''),
    constraint issue_accuracy_finite check (accuracy_m >= 0 and accuracy_m < 'Infinity'),
    constraint issue_geom_whole check (not ST_IsEmpty(geom)),
    constraint issue_state_known check (
        state in ('new', 'sent', 'taken', 'done', 'closed', 'returned', 'held')
    )
);
create unique index issue_reference on issue (source, reference);
create index issue_geom on issue using gist (geom);
create index issue_path on issue using gin (path);
create index issue_unclaimed on issue (id) where path = '{}';

create table task (
    id bigint generated always as identity primary key,
    issue bigint references issue,
    kind text not null default 'handle',
    party text collate "C" references party,
    role text,
    lead boolean not null default true,
    net text collate "C" not null default 'grid',
    area text collate "C",
    path text[] collate "C" not null default '{}',
    due_at timestamptz,
    state text not null default 'sent',
    version integer not null default 1,
    made_by text collate "C" not null,
    made_at timestamptz not null default now(),
    constraint task_state_known check (
        state in ('sent', 'taken', 'done', 'closed', 'returned', 'held', 'withdrawn')
    )
);
create index task_issue on task (issue);
create index task_party on task (party);
create index task_area_sent on task (net, area) where state = 'sent';
create index task_path on task using gin (path);

create table event (
    id bigint generated always as identity primary key,
    noun text not null,
    subject text collate "C" not null,
    name text not null,
    detail jsonb not null default '{}',
    path text[] collate "C" not null default '{}',
    person text collate "C" not null,
    at timestamptz not null default now()
);
create index event_subject on event (noun, subject, id);

create table code_history (
    old_code text collate "C" not null,
    new_code text collate "C" not null,
    old_name text not null default '',
    new_name text not null default '',
    valid_from date,
    valid_to date,
    primary key (old_code, new_code)
);

create table rule (
    name text collate "C" primary key,
    low integer,
    high integer,
    constraint rule_band_ordered check (0 <= low and low <= high)
);
