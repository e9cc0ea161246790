"""What comes in for a service that a rule sends is sent at once, one by one and by the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from geo.errors import RowRefusedError
from geo.issues import Issue, Order, replayed
from geo.store import events, imports
from geo.store.answers import rows_of
from geo.store.database import Connection, Store, transaction
from geo.store.incoming.batches import receive_frame
from geo.store.incoming.intake import InMemory, Known, receive, receive_all
from geo.store.locating import located
from geo.store.making import told_of
from geo.store.net.revisions import mark_of
from geo.store.net.territory import in_force
from geo.store.rules.kept import rules_in_force
from geo.store.rules.routes import Asked, routes_of
from geo.store.rules.routing import route_of
from geo.store.working import issues
from geo.store.working.handling import act, look
from geo.store.working.replies import read_replies
from tests.store import toy

SERVICES: Final = pd.DataFrame(
    [
        ("lamp", "request", None, "grid_worker", True),
        ("tree", "request", "lamp", "alley_steward", True),  # nobody's but the subdistrict's
        ("noise", "request", None, "grid_worker", False),
    ],
    columns=["code", "kind", "parent", "default_role", "auto_send"],
)
LISTED: Final = pd.DataFrame(
    [
        ("bureau", "department", "admin", toy.TWO, "lamp", True),
        ("approver", "department", "admin", toy.TWO, "lamp", False),
        ("stranger", "department", "grid", f"{toy.ONE}901", None, True),
    ],
    columns=["party", "role", "net", "area", "service", "lead"],
)
FAR_DUE: Final = datetime(2190, 1, 1, tzinfo=UTC)
DUE: Final = datetime(2026, 12, 1, 4, tzinfo=UTC)
# Where each lies (column, row of the lattice; or the area alone), for which service, due when; and
# who gets it.
Where: TypeAlias = tuple[float, float] | str | None
CASES: Final[tuple[tuple[Where, str | None, datetime | None, object], ...]] = (
    ((0.5, 0.5), "lamp", None, f"leader-{toy.ONE}003"),
    ((0.5, 0.5), "lamp", DUE, f"leader-{toy.ONE}003"),
    ((0.5, 0.5), "lamp", FAR_DUE, f"leader-{toy.ONE}003"),  # as far away as the source says
    ((1.2, 0.2), "lamp", None, "stranger"),  # the special grid's own unit
    ((2.5, 0.5), "lamp", None, "bureau"),  # by the list, and another assists
    ((2.5, 0.5), "tree", None, "bureau"),  # by the list, of the service above
    ((0.5, 0.5), "tree", None, None),  # the subdistrict's, provisionally
    ((0.5, 0.5), "noise", None, None),
    ((0.5, 0.5), "unheard", None, None),
    ((0.5, 0.5), None, None, None),
    ((9.0, 9.0), "lamp", None, None),
    (None, "lamp", None, None),
    (f"community:{toy.TWO}", "lamp", None, "bureau"),  # by the list, wherever in it
    (f"community:{toy.ONE}", "lamp", None, None),  # no grid: nobody's but the subdistrict's
    (f"subdistrict:{toy.SUBDISTRICT}", "lamp", None, None),
    ("community:gone", "lamp", None, None),
)


@pytest.fixture
def store(toy_store: Store) -> Store:
    toy.load_people(toy_store, ["bureau"], [])
    with transaction(toy_store.owner, "import") as conn:
        batch = imports.open_batch(conn, "toy")
        imports.commit_services(conn, SERVICES.assign(name=SERVICES["code"]), batch)
        imports.commit_people(conn, LISTED, batch)
    return toy_store


def cases() -> Iterator[Issue]:
    for n, (at, service, due, _) in enumerate(CASES):
        yield Issue(source="web", reference=str(n), service=service, due_at=due, **where(at))


def where(at: Where) -> dict[str, Any]:
    """A position, an area that an address names, or neither."""
    if isinstance(at, str):
        return {"located_by": "address", "located_as": at, "located_score": 1.0}
    point = toy.points(at)[0] if at else None
    return {"lon": point.x, "lat": point.y} if point else {}


def as_frame(told: list[Issue]) -> gpd.GeoDataFrame:
    rows: list[tuple[object, ...]] = [
        (i.source, i.reference, i.service, i.due_at, i.located_by, i.located_as, i.located_score,
         None if i.lon is None else shapely.Point(i.lon, i.lat))
        for i in told
    ]  # fmt: skip
    columns = "source reference service due_at located_by located_as located_score geometry"
    return toy.frame(rows, columns)


def kept(conn: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return everything about the issues that the way in should not change."""
    orders = {
        "issue": "select reference, state, version, grid, community, subdistrict, path, located_as,"
        " received_at - now() as ago"
        " from issue order by reference",
        "task": "select i.reference, t.party, t.role, t.lead, t.state, t.area, t.path, t.made_by,"
        " t.due_at = i.due_at as as_said, t.due_at::date as due, t.yellow_at::date as warned"
        " from task as t join issue as i on i.id = t.issue"
        " order by reference, party",
        "event": "select i.reference, e.name, e.path, e.detail - 'tasks' as detail from event as e"
        " join issue as i on i.id::text = e.subject"
        " where e.noun = 'issue' and e.name = 'send' order by 1, 2",
    }
    return {name: _told(rows_of(conn, text(asked))) for name, asked in orders.items()}


def _told(rows: pd.DataFrame) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = rows.astype("object").where(rows.notna(), None).to_dict("records")
    return told


def test_each_goes_to_whoever_answers_or_waits_for_a_dispatcher(store: Store) -> None:
    with transaction(store.app, "stranger") as conn:  # no dispatcher: the rule sends, not a person
        receipts = receive_all(conn, list(cases()))
    with transaction(store.owner, "audit") as conn:
        found = issues.read_issues(conn).set_index("reference")
        leading = [found.party.get(str(n)) for n in range(len(CASES))]
        told = events.history(conn, "issue", receipts[4].id)  # type: ignore[union-attr]
        parties = [work.party for work in look(conn, receipts[4].id).case.tasks]  # type: ignore[union-attr]
    assert [None if pd.isna(party) else party for party in leading] == [who for *_, who in CASES]
    assert set(found.state) == {"new", "sent"}
    assert ((found.state == "sent") == found.party.notna()).all()
    assert told.name.tolist() == ["receive", "send"]
    assert told.detail.iloc[1]["by"] == "rule"
    assert told.detail.iloc[1]["order"]["route"][-1]["party"] == "bureau"
    assert parties == ["bureau", "approver"]


def test_alone_in_company_in_memory_and_by_the_file_come_to_the_same(store: Store) -> None:
    told = list(cases())
    ways: dict[str, Any] = {
        "alone": lambda conn: [receive(conn, issue) for issue in told],
        "together": lambda conn: receive_all(conn, told),
        "in memory": lambda conn: receive_all(conn, told, kept_in_memory(conn)),
        "by rules in memory": lambda conn: receive_all(
            conn, told, kept_in_memory(conn, rules=True)
        ),
        "by the file": lambda conn: receive_frame(conn, as_frame(told), _batch(conn)),
    }
    found = {}
    for name, way in ways.items():
        with transaction(store.owner, "clerk", commit=False) as conn:
            way(conn)
            found[name] = kept(conn)
    assert len(found["alone"]["task"]) == 10
    for name in ways:
        assert found[name] == found["alone"], name


def kept_in_memory(conn: Connection, *, rules: bool = False) -> Known:
    areas = in_force(conn)
    known = InMemory(areas, rules_in_force(conn, areas.places, areas.special) if rules else None)
    assert areas.numbers == {"admin": 1, "grid": 1, "lane": 1}
    return lambda own, mark: known if mark == mark_of(own) else pytest.fail("not of now")


def _batch(conn: Connection) -> int:
    return imports.open_batch(conn, "issues")


def test_what_a_rule_sent_is_handled_on_and_its_events_replay(store: Store) -> None:
    told = list(cases())
    with transaction(store.owner, "clerk") as conn:
        receive_frame(conn, as_frame(told[:3]), _batch(conn))
        receive_all(conn, told[3:])
        found = issues.read_issues(conn)
    sent = found[found.state == "sent"]
    for row in sent.itertuples():
        with transaction(store.app, row.party) as conn:
            act(conn, row.id, Order(step="take", task=int(row.task)))
    with transaction(store.owner, "audit") as conn:
        for issue in found["id"]:
            case = look(conn, issue).case
            values, tasks = replayed(events.history(conn, "issue", issue)["detail"])
            assert values.get("state", "new") == case.state
            assert tasks == {work.id: told_of(work) for work in case.tasks}


def test_what_its_source_was_done_with_comes_in_closed_and_is_sent_to_nobody(store: Store) -> None:
    """Issues of the past: in the counts and on the maps, in nobody's list, not answered again."""
    before, ahead = (pd.Timestamp(f"{year}-03-01 09:30", tz="UTC") for year in (2026, 2190))
    told = as_frame(list(cases())).assign(closed_at=before)
    told.loc[told.index[1], "closed_at"] = ahead  # has not come yet: it is open
    told.loc[told.index[2], "closed_at"] = pd.NaT
    with transaction(store.owner, "clerk") as conn:
        batch = _batch(conn)
        counts = imports.commit_issues(conn, told, batch)
        fates = imports.fates(conn, batch, 0)
        again = imports.commit_issues(conn, told.assign(closed_at=pd.NaT), batch)
        found = issues.read_issues(conn).set_index("reference")
        history = events.history(conn, "issue", int(found["id"]["0"]))
        tasks = conn.execute(text("select count(distinct issue) from task")).scalar_one()
        for issue in found["id"]:
            case = look(conn, issue).case
            values, _ = replayed(events.history(conn, "issue", issue)["detail"])
            assert values.get("state", "new") == case.state
            assert values.get("outcome") == case.outcome
        replies = read_replies(conn, "web", since=None, until=None)
    assert counts.new == again.same == len(CASES)
    assert fates == {"by_address": 4, "sent": 2, "closed": len(CASES) - 2, "unclaimed": 0}
    assert tasks == 2
    assert found["state"].drop(["1", "2"]).eq("closed").all()
    assert history["name"].tolist() == ["closed_before"]
    assert history["detail"][0]["order"] == {"closed_at": "2026-03-01T09:30:00+00:00"}
    assert not len(replies)
    with transaction(store.app, f"leader-{toy.ONE}003") as conn:
        act(conn, int(found["id"]["1"]), Order(step="take"))
    with transaction(store.app, "dispatcher") as conn:
        reopened = act(conn, int(found["id"]["0"]), Order(step="reopen", reason="又坏了"))
    assert reopened.state == "new", "for a dispatcher to send: nobody had it here"


def test_one_reference_twice_in_company_is_stored_once_and_answered_alike(store: Store) -> None:
    first, *_ = cases()
    other = replace(first, text="something else")
    with transaction(store.app, "clerk") as conn:
        one, two, three = receive_all(conn, [first, first, other])
        count = conn.execute(text("select count(*) from task")).scalar_one()
    assert one == two
    assert type(three).__name__ == "ConflictError"
    assert count == 1


def test_many_are_routed_as_each_alone(store: Store) -> None:
    with transaction(store.owner, "clerk") as conn:
        asked = [
            Asked(located(conn, point.x, point.y), service, against)
            for point in toy.points((0.5, 0.5), (1.2, 0.2), (2.5, 0.5), (9, 9))
            for service in ("lamp", "tree", "noise", "unheard", None)
            for against in (None, "bureau", "nobody", "济南市", f"leader-{toy.ONE}003")
        ]
        one_by_one = [
            route_of(conn, a.here, a.service, against=[a.against] if a.against else [])
            for a in asked
        ]
        assert routes_of(conn, asked) == one_by_one


@pytest.mark.parametrize("service", ["lamp", "noise"])
def test_nobody_makes_tasks_of_what_was_received_before(store: Store, service: str) -> None:
    order = text("insert into task (issue, party, made_by) values (:issue, 'leader', 'clerk')")
    issue = Issue(source="web", reference="1", service=service)
    with transaction(store.app, "clerk") as conn:
        receipt = receive(conn, issue)
    with (
        pytest.raises(RowRefusedError, match="row-level security"),
        transaction(store.app, "clerk") as conn,
    ):
        conn.execute(order, {"issue": receipt.id})
