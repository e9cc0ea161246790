"""What somebody sees is found by indexes, and is what the rule says of each row by itself."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import text

from api.clock import sort_new_paths
from geo.store.answers import question
from geo.store.database import Connection, Store, transaction
from geo.store.working.board import Sight, listed_on_board
from geo.store.working.issues import issues_told, read_issues
from tests.store import toy
from tests.store.test_succession import reads

OFFICES: Final = ("office", "bureau", "team")
PEOPLE: Final = (*toy.PEOPLE, "clerk-office", "clerk-team", f"leader-{toy.ONE}001", "nobody", "")
PATHS: Final = (
    [],
    ["3701"],
    ["3701", "370102", toy.SUBDISTRICT],
    *(["3701", "370102", toy.SUBDISTRICT, code[:12], code] for code in list(toy.GRIDS)[::3]),
)
# The rule as it was first written down, asked of each row by whoever may read everything.
ISSUE: Final = """
    path && duty_codes()
    or received_by = acting_person()
    or id in (select issue from task where party = any (acting_parties()))
    or id in (select issue from task where passed_on && acting_parties())
    or (path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
"""
TASK: Final = """
    party = any (acting_parties())
    or made_by = acting_person()
    or among && acting_parties()
    or (not confidential and passed_on && acting_parties())
    or (not confidential and path && duty_codes())
    or (confidential and path && duty_codes('{approver}'))
    or (not confidential and path = '{}' and cardinality(duty_codes('{dispatcher}')) > 0)
"""
EVENT: Final = f"""
    path && duty_codes()
    or person = acting_person()
    or (noun = 'issue' and subject in (select id::text from issue where {ISSUE}))
    or (noun = 'task' and subject in (select id::text from task where {TASK}))
"""
RULES: Final = {"issue": ISSUE, "task": TASK, "event": EVENT}


@pytest.fixture
def store(toy_store: Store) -> Store:
    """The toy city with issues, tasks and events of anybody, anywhere."""
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent) values"
            " ('bureau', 'department', '', null), ('office', 'department', '', 'bureau'),"
            " ('team', 'department', '', 'office'), ('clerk-office', 'person', '', 'office'),"
            " ('clerk-team', 'person', '', 'team')"
        )
        fill(conn, random.Random(11))
    return toy_store


def fill(conn: Connection, draw: random.Random, issues: int = 120) -> None:
    issue = text(
        "insert into issue (source, reference, path, received_by, confidential, state,"
        " grid_revision, admin_revision) values ('web', :n, :path, :by, :secret, 'sent', 1, 1)"
    )
    task = text(
        "insert into task (issue, kind, party, path, made_by, passed_on, among, confidential,"
        " state, lead) values (:issue, :kind, :party, :path, :by, :passed, :among, :secret,"
        " 'withdrawn', false)"
    )
    event = text(
        "insert into event (noun, subject, name, path, person)"
        " values (:noun, :subject, 'x', :path, :by)"
    )
    actors = [*PEOPLE[:-2], *OFFICES]
    for n in range(issues):
        conn.execute(issue, {"n": str(n), **somebody(draw), "secret": draw.random() < 0.3})
    for _ in range(2 * issues):
        of = draw.randint(1, issues) if draw.random() < 0.7 else None
        secret = of is None and draw.random() < 0.5
        told = {"issue": of, "kind": "handle", "secret": secret, **somebody(draw)}
        told["party"] = draw.choice([None, *actors])
        told["passed"], told["among"] = (draw.sample(actors, draw.choice((0, 0, 1))) for _ in "12")
        conn.execute(task, told)
    for noun, subject in [(noun, str(n)) for noun in ("issue", "task", "plan") for n in range(150)]:
        conn.execute(event, {"noun": noun, "subject": subject, **somebody(draw)})
    conn.execute(event, {"noun": "issue", "subject": "9" * 30, **somebody(draw)})


def somebody(draw: random.Random) -> dict[str, Any]:
    """Where something lies, and who wrote it down: mostly people who are asked about nowhere."""
    return {"path": draw.choice(PATHS), "by": draw.choice([*PEOPLE[:-2], *["other"] * 20])}


@pytest.mark.parametrize("plan", ["on", "off"])
@pytest.mark.parametrize("table", RULES)
def test_everybody_sees_what_the_rule_says_of_each_row(store: Store, table: str, plan: str) -> None:
    seen = set()
    for person in PEOPLE:
        with transaction(store.owner, person) as conn:
            said = rows(conn, f"select id from {table} where {RULES[table]}")
        with transaction(store.app, person) as conn:
            conn.exec_driver_sql(f"set local enable_seqscan = {plan}")
            assert rows(conn, f"select id from {table}") == said, person
        seen.add(len(said))
    assert len(seen) > len(PEOPLE) // 2  # the people differ


def rows(conn: Connection, question: str) -> list[int]:
    return sorted(conn.execute(text(question)).scalars())


def test_whoever_sees_few_issues_has_not_all_of_them_looked_through(store: Store) -> None:
    many = text(
        "insert into issue (source, reference, path, received_by, grid_revision, admin_revision)"
        " select 'web', 'many-' || n, array['3701', 'far-' || n], 'hotline', 1, 1"
        " from generate_series(1, 5000) as n"
    )
    with transaction(store.owner, "audit") as conn:
        conn.execute(many)
        conn.execute(text("analyze issue"))
    for asked in ("select id from issue", "select id from issue where path @> array['3701']"):
        with transaction(store.app, "clerk-office") as conn:
            plan = "\n".join(conn.execute(text(f"explain {asked}")).scalars())
        assert "Bitmap Index Scan on issue_path" in plan
        assert "Seq Scan" not in plan


def test_of_issues_those_alone_are_read_whose_tasks_may_move(store: Store) -> None:
    many = text(
        "with told as (insert into issue (source, reference, path, geom, received_by,"
        " grid_revision, admin_revision) select 'web', 'many-' || n, array['3701', '370102'],"
        " ST_SetSRID(ST_MakePoint(117, 36), 4326), '', 1, 1 from generate_series(1, 3000) as n"
        " returning id, path)"
        " insert into task (issue, kind, net, area, path, state, made_by)"
        " select id, 'handle', 'grid', 'far-' || id % 300, path, 'sent', '' from told"
    )
    with transaction(store.owner, "audit") as conn:
        conn.execute(many)
        conn.execute(text("analyze issue"))
        conn.execute(text("analyze task"))
    with transaction(store.app, "approver") as conn:
        conn.execute(text("create temporary table placed (id bigint, version bigint)"))
        touched = "select 'far-7' as old_code, cast(1 as bigint) as old from generate_series(1, 1)"
        conn.execute(text(f"create temporary table touched as {touched}"))
        assert conn.execute(question("waiting_tasks")).rowcount == 10
        assert reads(conn, "issue")[1] < 100


def test_new_paths_are_sorted_into_their_indexes_by_the_clock(store: Store) -> None:
    asked = text("select array(select id from issue where path && array['370102'] order by id)")
    with transaction(store.owner, "audit") as conn:
        before = conn.execute(asked).scalar_one()
    assert sort_new_paths(store) >= 2, "issues and tasks of the fixture"
    assert sort_new_paths(store) == 0
    with transaction(store.owner, "audit") as conn:
        conn.execute(text("set local enable_seqscan = off"))
        assert conn.execute(asked).scalar_one() == before


def test_the_latest_of_an_area_are_found_among_the_newest_of_all_or_else_among_its_own(
    store: Store,
) -> None:
    many = text(
        "insert into issue (source, reference, path, received_by, grid_revision, admin_revision,"
        " reported_at) select 'web', 'many-' || n, array['3701', case when n > 4000 then '370102'"
        " when n > 1000 then '370199' else '370103' end], '', 1, 1,"
        " now() + n / 2 * interval '1 minute' from generate_series(1, 6000) as n"  # two at a time
    )
    with transaction(store.owner, "audit") as conn:
        conn.execute(text("insert into duty (party, role, net, area) values"
                          " ('stranger', 'dispatcher', 'admin', '3701')"))  # fmt: skip
        conn.execute(many)
        conn.execute(text("analyze issue"))
    for scope, most in (("370102", 500), ("370103", 9000)):  # rows that each question may read
        ordered = "order by coalesce(reported_at, received_at) desc, id desc"
        with transaction(store.owner, "audit") as conn:
            told = text(f"select id from issue where path @> array['{scope}'] {ordered} limit 5")
            own = list(conn.execute(told).scalars())
        with transaction(store.app, "stranger") as conn:
            found = [
                list(read_issues(conn, scope=scope, limit=5)["id"]),
                [each.id for each in issues_told(conn, scope=scope, limit=5)],
                listed_on_board(conn, Sight(scope), datetime.now(UTC), limit=5, away=0),
                listed_on_board(conn, Sight(scope), datetime.now(UTC), limit=4, away=1),
            ]
            assert reads(conn, "issue")[1] < len(found) * most
        assert found == [own, own, own, own[1:]]
