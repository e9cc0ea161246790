"""An issue is received once, assigned where it lies, and handed to one who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import (
    BadIssueError,
    ConflictError,
    IssueStepError,
    MissingError,
    NotAllowedError,
    StepRefusedError,
)
from geo.issues import EDGES, ISSUE_STATES, Issue, allowed_steps
from geo.issues.policy import intake_policy
from geo.store import events, imports
from geo.store.database import Store, transaction
from geo.store.incoming.placing import neighbours, neighbours_of_each
from geo.store.planning import plans
from geo.store.working import issues
from tests.store import toy
from tests.store.test_plans import approved, merged


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def at(column: float, row: float, reference: str = "1", text: str = "路灯不亮") -> Issue:
    """Return an issue at a place of the lattice."""
    (point,) = toy.points((column, row))
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    return Issue(source="hotline", reference=reference, text=text, lon=lon, lat=lat)


def received(store: Store, issue: Issue, person: str = "dispatcher") -> issues.Receipt:
    with transaction(store.app, person) as conn:
        return issues.receive(conn, issue)


def test_the_same_report_again_gets_the_same_answer(store: Store) -> None:
    first, again = received(store, at(0.5, 0.5)), received(store, at(0.5, 0.5))
    assert first == again
    assert (first.fresh, again.fresh) == (True, False)
    assert first.grid == f"{toy.ONE}003"
    assert first.path[-2:] == (f"{toy.ONE}003", "lane:south")
    assert (first.community, first.subdistrict) == (toy.ONE, toy.SUBDISTRICT)


def test_the_same_reference_with_other_content_is_a_conflict(store: Store) -> None:
    received(store, at(0.5, 0.5))
    for other in (at(0.5, 0.6), at(0.5, 0.5, text="别的")):
        with pytest.raises(ConflictError):
            received(store, other)
    with pytest.raises(ConflictError):  # nor does a stranger learn whether it is the same
        received(store, at(0.5, 0.5), "stranger")


def test_six_deliveries_at_once_make_one_issue(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: received(store, at(2.5, 0.5)), range(6)))
    assert len(set(answers)) == 1
    assert sum(answer.fresh for answer in answers) == 1


def test_what_lies_nowhere_is_unclaimed_and_seen_by_dispatchers_only(store: Store) -> None:
    nowhere = Issue(source="web", reference="0", text="?")
    outside = received(store, at(9, 9, "9"), "stranger")
    assert (received(store, nowhere).path, outside.path) == ((), ())
    with transaction(store.app, "dispatcher") as conn:
        assert set(issues.read_issues(conn, scope="").reference) == {"0", "9"}
    with transaction(store.app, "leader") as conn:
        assert issues.read_issues(conn).empty
    with transaction(store.app, "stranger") as conn:
        assert issues.read_issues(conn).reference.tolist() == ["9"]


def test_a_leader_reads_the_issues_of_their_own_areas(store: Store) -> None:
    received(store, at(0.5, 0.5, "one"))
    received(store, at(2.5, 0.5, "two"))
    for person, seen in (
        ("leader", {"two"}),
        (f"leader-{toy.ONE}003", {"one"}),
        ("stranger", set()),
        ("dispatcher", {"one", "two"}),
    ):
        with transaction(store.app, person) as conn:
            assert set(issues.read_issues(conn).reference) == seen


def test_an_issue_is_sent_to_the_grid_leader_taken_and_told_of(store: Store) -> None:
    receipt = received(store, at(2.5, 0.5))
    with transaction(store.app, "dispatcher") as conn:
        first = issues.send(conn, receipt.id)
        issues.withdraw(conn, receipt.id)
        task = issues.send(conn, receipt.id)
    holder = f"leader-{toy.TWO}003"
    with transaction(store.app, "leader") as conn, pytest.raises(NotAllowedError):
        issues.take(conn, task)
    with transaction(store.app, holder) as conn:
        with pytest.raises(IssueStepError):
            issues.take(conn, first)
        issues.take(conn, task)
        row = issues.read_issues(conn, state="taken").iloc[0]
        told = events.history(conn, "issue", receipt.id).name.tolist()
    assert (row.task, row.party, row.task_area) == (task, holder, f"{toy.TWO}003")
    assert told == ["receive", "send", "withdraw", "send", "take"]
    with transaction(store.app, "dispatcher") as conn, pytest.raises(IssueStepError):
        issues.withdraw(conn, receipt.id)


def test_only_a_dispatcher_of_the_place_sends(store: Store) -> None:
    receipt, lost = received(store, at(2.5, 0.5)), received(store, at(9, 9, "9"))
    with transaction(store.app, "leader") as conn:
        with pytest.raises(NotAllowedError, match="dispatcher"):
            issues.send(conn, receipt.id)
        with pytest.raises(MissingError):
            issues.send(conn, lost.id)
        with pytest.raises(MissingError):
            issues.take(conn, 10**9)
    with transaction(store.app, "dispatcher") as conn:
        with pytest.raises(StepRefusedError, match=r"put it on the map \(place\)"):
            issues.send(conn, lost.id)
        assert issues.send(conn, lost.id, "leader")
        issues.withdraw(conn, lost.id)


def test_publishing_moves_what_nobody_has_taken_and_nothing_else(store: Store) -> None:
    places = {"waits": (0.7, 1.2), "taken": (0.8, 1.3)}
    receipts = {name: received(store, at(*xy, name)) for name, xy in places.items()}
    with transaction(store.app, "dispatcher") as conn:
        tasks = {name: issues.send(conn, receipt.id) for name, receipt in receipts.items()}
    with transaction(store.app, f"leader-{toy.ONE}001") as conn:
        issues.take(conn, tasks["taken"])
    plan = approved(store, merged(1))  # the south-eastern quarter of grid 001 goes to grid 002
    with transaction(store.app, "approver") as conn:
        done = plans.publish(conn, plan)
    with transaction(store.app, "dispatcher") as conn:
        after = issues.read_issues(conn).set_index("reference")
    assert done.tasks_moved == 1
    assert after.task_area.to_dict() == {"waits": f"{toy.ONE}002", "taken": f"{toy.ONE}001"}
    assert after.party["waits"] == f"leader-{toy.ONE}002"
    assert set(after.grid) == {f"{toy.ONE}001"}
    with transaction(store.owner, "audit") as conn:
        told = {name: events.history(conn, "issue", r.id).iloc[-1] for name, r in receipts.items()}
    assert {name: row["name"] for name, row in told.items()} == {"waits": "move", "taken": "take"}
    moved = {"party": f"leader-{toy.ONE}002"}
    assert told["waits"].detail["tasks"] == {str(tasks["waits"]): moved}


def test_what_was_said_of_people_is_content_and_what_an_address_gave_is_not(store: Store) -> None:
    plain = at(0.5, 0.5)
    said = replace(plain, reporter="a" * 32, against="某物业公司", confidential=True)
    assert received(store, said).fresh
    assert not received(store, said).fresh
    for other in (plain, replace(said, reporter="b" * 32), replace(said, against="leader")):
        with pytest.raises(ConflictError):
            received(store, other)
    nowhere = Issue(source="web", reference="address", address="甲街1号")
    found = replace(nowhere, lon=plain.lon, lat=plain.lat, located_by="address", located_score=0.9)
    assert received(store, found).grid == f"{toy.ONE}003"
    assert not received(store, nowhere).fresh
    with pytest.raises(ConflictError):  # a source that now names a position says something else
        received(store, replace(found, located_by=""))


def test_calls_of_one_person_are_counted_within_days_and_over_the_city(store: Store) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    ago = (100, 80, 0)
    calls = [
        replace(at(0.5, 0.5, str(days)), reporter="a" * 32, reported_at=moment - timedelta(days))
        for days in ago
    ]
    receipts = [received(store, call) for call in (*calls, at(0.5, 0.5, "other"))]
    with transaction(store.app, f"leader-{toy.ONE}003") as conn:
        counted = [issues.calls_of_reporter(conn, receipt.id, 90) for receipt in receipts]
    assert counted == [1, 2, 2, 0]


def test_no_telephone_is_tried_by_writing_an_issue_down(store: Store) -> None:
    """Whoever is complained about counted the calls of a number of his choice."""
    for n in range(2):
        received(store, replace(at(0.5, 0.5, str(n)), reporter="a" * 32))
    for person, before in (("stranger", 0), (f"leader-{toy.ONE}003", 0), ("dispatcher", 6)):
        for nth in (1, 2):
            guess = replace(at(0.5, 0.5, f"{person} {nth}"), reporter="a" * 32)
            issue = received(store, guess, person).id
            with transaction(store.app, person) as conn:
                counted = issues.calls_of_reporter(conn, issue, 90)
            assert counted == nth + before, person


def batch_of(*rows: tuple[str, str, object]) -> gpd.GeoDataFrame:
    return toy.frame([("batch", *row) for row in rows], "source reference text geometry")


def test_a_batch_is_kept_once_and_conflicts_are_listed(store: Store) -> None:
    a, b, far = toy.points((0.5, 0.5), (2.5, 1.5), (9, 9))
    frame = batch_of(("1", "a", a), ("2", "b", b), ("3", "c", None), ("4", "d", far))
    with transaction(store.owner, "import") as conn:
        first = imports.commit_issues(conn, frame, imports.open_batch(conn, "issues"))
        other = frame.assign(text=["a", "b", "other", "d"])
        second = imports.commit_issues(conn, other, imports.open_batch(conn, "issues"))
        found = issues.read_issues(conn, source="batch", limit=10).sort_values("reference")
        alone = issues.receive(conn, Issue(source="batch", reference="3", text="c"))
    assert (first.new, first.same, first.conflicts) == (4, 0, ())
    assert (second.new, second.same, second.conflicts) == (0, 3, ("batch 3",))
    assert found.grid.tolist()[:2] == [f"{toy.ONE}003", f"{toy.TWO}001"]
    assert found.text.tolist() == ["a", "b", "c", "d"]
    assert not alone.fresh
    assert found.grid.isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    "values",
    [
        {"text": "a\0b"},
        {"text": "\ud800"},
        {"lon": 117.0},
        {"lon": float("nan"), "lat": 36.0},
        {"lon": float("inf"), "lat": 36.0},
        {"lon": True, "lat": 36.0},
        {"lat": 1e999, "lon": 117.0},
        {"accuracy_m": float("inf")},
        {"accuracy_m": -1.0},
        {"reference": ""},
        {"reported_at": pd.Timestamp("2026-01-01").to_pydatetime()},
    ],
)
def test_a_hostile_issue_is_refused_with_its_field(values: dict[str, object]) -> None:
    make: Callable[..., Issue] = Issue
    with pytest.raises(BadIssueError, match=next(iter(values))):
        make(**({"source": "web", "reference": "1"} | values))


def test_every_open_state_can_reach_closed() -> None:
    reaching = {"closed"}
    for _ in ISSUE_STATES:
        reaching |= {s for edge in EDGES if edge.target in reaching for s in edge.sources}
    assert reaching == set(ISSUE_STATES)
    assert {edge.name for edge in allowed_steps("new", "dispatcher")} >= {"answer", "send"}


def test_what_an_issue_lies_near_is_told_of_many_as_of_each(store: Store) -> None:
    """Some were located by an address, some came with an accuracy, some with neither."""
    edge = replace(at(0, 0), lon=117.0199, lat=36.615)  # some 9 m from the edge of TWO
    told: tuple[dict[str, Any], ...] = (
        {},
        {"accuracy_m": 20.0},
        {"accuracy_m": 3.0},
        {"located_by": "address", "located_as": "door:1/甲街1号", "located_score": 1.0},
        {"located_by": "address", "located_as": "corner:甲街/乙街/117,36", "located_score": 1.0},
    )
    each = [replace(edge, reference=str(n), **more) for n, more in enumerate(told)]
    numbers = [received(store, issue).id for issue in each]
    rules = intake_policy().neighbours
    with transaction(store.app, "dispatcher") as conn:
        one_by_one = [list(neighbours(conn, number, rules)["code"]) for number in numbers]
        found = neighbours_of_each(conn, numbers, rules)
    together = [list(found[found["issue"] == number]["code"]) for number in numbers]
    assert together == one_by_one == [[], [f"{toy.TWO}001"], [], [], [f"{toy.TWO}001"]]
