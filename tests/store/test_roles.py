"""Row-level security, asked in raw SQL as the app role."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from geo.errors import MissingError, RowRefusedError
from geo.store.actors import acting, acting_each
from geo.store.answers import question
from geo.store.database import Store, transaction
from geo.store.net.revisions import number_at
from geo.store.planning import plans
from geo.store.schema.tables import METADATA
from tests.store import toy
from tests.store.test_issues import at, received
from tests.store.test_plans import drawn, merged

REFUSED = (ProgrammingError, RowRefusedError)  # by a grant, by a policy


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def count(store: Store, table: str, person: str) -> int:
    with transaction(store.app, person) as conn:
        return int(conn.execute(text(f"select count(*) from {table}")).scalar_one())


def test_nobody_reads_nothing_of_any_table(store: Store) -> None:
    drawn(store, merged(1))
    received(store, at(0.5, 0.5))
    closed = {"account", "session", "device", "contact", "pace"}  # for the owner's role alone
    open_ = METADATA.tables.keys() - closed
    assert {table: count(store, table, "") for table in open_} == dict.fromkeys(open_, 0)
    for table in closed:
        with pytest.raises(ProgrammingError, match="permission denied"):
            count(store, table, "dispatcher")


def test_nobody_writes_nothing(store: Store) -> None:
    orders = (
        "insert into task (made_by) values ('')",
        "insert into event (noun, subject, name, person) values ('issue', '1', 'x', '')",
        "insert into net (name) values ('x')",
        "insert into party (code, kind, name) values ('x', 'person', 'x')",
    )
    for order in orders:
        with pytest.raises(REFUSED), transaction(store.app, "") as conn:
            conn.execute(text(order))


def asked(store: Store, question: str) -> list[object]:
    with transaction(store.owner, "audit") as conn:
        return list(conn.execute(text(question)).scalars())


def test_what_acts_with_the_owners_rights_is_closed_to_strangers(store: Store) -> None:
    ours = """from pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef
            and not exists (
                select from pg_depend as d where d.objid = p.oid and d.deptype = 'e'
            )"""
    assert len(asked(store, f"select proname {ours}")) > 10
    loose = "not coalesce(array_to_string(p.proconfig, ' ') like '%search_path=%', false)"
    for fault in (loose, "has_function_privilege('public', p.oid, 'execute')"):
        assert asked(store, f"select proname {ours} and {fault}") == []
    views = "select relname from pg_class where relkind in ('v', 'm') and relowner = current_user"
    of_postgis = "relname in ('geography_columns', 'geometry_columns')"
    own = f"{views}::regrole and relnamespace = 'public'::regnamespace and not {of_postgis}"
    assert asked(store, own) == ["public_issue"]
    assert asked(store, f"{own} and 'security_barrier=true' <> all (reloptions)") == []
    others = """select format('%s %s', grantee, table_name) from information_schema.table_privileges
        where table_schema = 'public' and grantee not in (current_user, 'jingwei_app')
            and table_name not in (select name from unnest(array[
                'spatial_ref_sys', 'geometry_columns', 'geography_columns']) as name)"""
    assert asked(store, others) == []


def test_whoever_may_write_a_table_is_held_to_a_policy_of_it(store: Store) -> None:
    bare = """select format('%s %s', t.relname, v.verb)
        from pg_class as t cross join (values ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd'),
            ('SELECT', 'r')) as v (verb, cmd)
        where t.relnamespace = 'public'::regnamespace and t.relkind = 'r' and t.relrowsecurity
            and (
                has_table_privilege('jingwei_app', t.oid, v.verb)
                or v.verb in ('SELECT', 'INSERT', 'UPDATE')
                and has_any_column_privilege('jingwei_app', t.oid, v.verb)
            )
            and not exists (
                select from pg_policy as p
                where p.polrelid = t.oid and p.polcmd in (v.cmd::"char", '*')
            )"""
    assert asked(store, bare) == ["revision UPDATE"]  # granted by 0001, and no row is let through


def test_areas_and_places_are_read_by_every_named_person_and_written_by_none(store: Store) -> None:
    assert count(store, "area", "stranger") == count(store, "area", "approver") > 0
    with transaction(store.app, "stranger") as conn:
        assert conn.execute(text("update area set name = 'x'")).rowcount == 0
    with pytest.raises(ProgrammingError), transaction(store.app, "approver") as conn:
        conn.execute(text("delete from area"))


def test_what_was_found_in_a_file_is_read_by_nobody_but_the_owner(store: Store) -> None:
    assert count(store, "import_batch", "stranger") > 0
    for column in ("report", "file", "made_by"):
        with pytest.raises(ProgrammingError), transaction(store.app, "approver") as conn:
            conn.execute(text(f"select {column} from import_batch"))


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("select from area where geom && ST_MakeEnvelope(117, 36, 118, 37, 4326)", "area_geom"),
        ("select from place where geom && ST_MakeEnvelope(117, 36, 118, 37, 4326)", "place_geom"),
        ("select from area where path @> array['370102']", "area_path"),
        ("select from issue where path @> array['370102']", "issue_path"),
    ],
)
def test_security_leaves_the_indexes_of_shapes_and_paths_in_use(
    store: Store, asked: str, index: str
) -> None:
    with transaction(store.app, "planner") as conn:
        conn.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(conn.execute(text(f"explain {asked}")).scalars())
    assert f"{index} " in plan, plan
    assert "Index Cond" in plan, plan


def test_a_point_is_looked_up_among_the_grids_in_force_alone(store: Store) -> None:
    asked = text(f"explain (analyze, costs off) {question('owners_of_points').text}")
    with transaction(store.app, "planner") as conn:
        conn.execute(text("set local enable_seqscan = off"))
        newest = number_at(conn, "grid", None)
        values = {"lons": [117.0], "lats": [36.6], "plan": None, "number": newest}
        now, then = (
            "\n".join(conn.execute(asked, values | {"number": number}).scalars())
            for number in (newest, newest - 1)
        )
    assert "Index Scan using area_grid_geom_now" in now
    assert "Scan using area_geom on area area_1 (never executed)" in now
    assert "Scan using area_geom on area area_1 (actual" in then
    assert now.count("Index Cond: (geom && here.geom)") == 2  # sought, not looked through
    assert "area_code_history" not in now + then  # the list of all grids


def test_grids_near_a_point_are_sought_by_their_index(store: Store) -> None:
    asked = text(f"explain (costs off) {question('neighbour_grids').text}")
    with transaction(store.app, "planner") as conn:
        conn.execute(text("set local enable_seqscan = off"))
        values = {"lon": 117.0, "lat": 36.6, "grid": None, "reach": 50.0}
        plan = "\n".join(conn.execute(asked, values).scalars())
    assert "Index Cond: (geom && h.box)" in plan


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("planner", True),
        ("approver", True),  # of the district above
        (f"leader-{toy.ONE}001", False),  # of a grid below
        ("leader", False),  # of the community beside
        ("stranger", False),
    ],
)
def test_a_draft_is_for_those_with_a_duty_on_its_scope_or_above(
    store: Store, person: str, *, seen: bool
) -> None:
    drawn(store, merged(1))
    for table in ("plan", "atom", "draft_area"):
        assert (count(store, table, person) > 0) is seen


def test_a_duty_that_ends_takes_its_access_with_it(store: Store) -> None:
    drawn(store, merged(1))
    with transaction(store.owner, "x") as conn:
        conn.execute(text("update duty set valid_to = current_date where party = 'planner'"))
    assert count(store, "plan", "planner") == 0


def test_duties_of_another_net_are_not_ended_because_a_grid_has_the_code_of_their_area(
    store: Store,
) -> None:
    code, ended = f"{toy.ONE}001", "update duty set valid_to = current_date where area = :code"
    with transaction(store.owner, "x") as conn:
        held = "insert into duty (party, role, net, area) values ('leader', 'x', 'police', :code)"
        conn.execute(text(held), {"code": code})
    with transaction(store.app, "approver") as conn:
        assert conn.execute(text(ended), {"code": code}).rowcount == 1, "that of the grid alone"
        assert conn.execute(text("select count(*) from duty where net = 'police'")).scalar() == 1


def test_a_day_is_a_day_in_the_city_for_both_roles(store: Store) -> None:
    for engine in (store.owner, store.app):
        with transaction(engine, "x") as conn:
            asked = text("select current_date = (now() at time zone 'Asia/Shanghai')::date")
            assert conn.execute(asked).scalar()
            assert conn.execute(text("show timezone")).scalar() == "Asia/Shanghai"


def test_history_is_appended_by_oneself_and_never_edited(store: Store) -> None:
    with transaction(store.app, "planner") as conn:
        plans.create(conn, net="grid", scope=toy.ONE, title="x")
    forged = "insert into event (noun, subject, name, person) values ('plan', '1', 'x', 'checker')"
    for order in (forged, "update event set name = 'x'", "delete from event"):
        with pytest.raises(REFUSED), transaction(store.app, "planner") as conn:
            conn.execute(text(order))
    assert count(store, "event", "planner") == 1
    assert count(store, "event", "stranger") == 0


def test_the_person_is_forgotten_when_the_transaction_ends(store: Store) -> None:
    assert count(store, "area", "stranger") > 0
    with store.app.connect() as conn:
        assert conn.execute(text("select count(*) from area")).scalar() == 0


def test_a_failure_in_a_transaction_leaves_no_row(store: Store) -> None:
    with pytest.raises(MissingError):
        _create(store, toy.ONE, "nowhere")
    assert count(store, "plan", "planner") == 0


def _create(store: Store, *scopes: str) -> None:
    with transaction(store.app, "planner") as conn:
        for scope in scopes:
            plans.create(conn, net="grid", scope=scope, title="x")


def test_who_acts_over_many_places_is_who_acts_over_each(store: Store) -> None:
    toy.load_people(store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    grid = ["3701", "370102", toy.SUBDISTRICT, toy.ONE, f"{toy.ONE}001"]
    paths = [grid, [], grid[:3], ["3701"], ["nowhere"], grid]
    for person in ("approver", "dispatcher", "head", f"leader-{toy.ONE}001", "stranger", ""):
        with transaction(store.app, person) as conn:
            assert acting_each(conn, paths) == [acting(conn, path) for path in paths], person
