"""Issues taken in: stored once each, located, routed and, where a rule says so, sent at once.

One path for all that come alone or a few at a time: everything in the caller's transaction, and
each question asked once for all of them. Whole files go by `geo.store.incoming.batches`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from struct import pack
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, RowMapping, text

from geo.errors import ConflictError
from geo.frames import ISSUES
from geo.issues import Case, Desk, Issue
from geo.store.answers import question
from geo.store.events import record_all
from geo.store.incoming.sending import Sending, reckoned, sending, sent
from geo.store.locating import Located, located_each, located_in
from geo.store.making import as_json
from geo.store.merging import refusing
from geo.store.net.revisions import Held, Mark, hold_in_force
from geo.store.net.territory import InForce
from geo.store.rules.deadlines import Ruler, of_service, ruler
from geo.store.rules.kept import KeptRules
from geo.store.rules.routes import Asked, Listed, listed, routing_desk
from geo.store.rules.routes import Desk as Routing

_SAID: Final = tuple(field.name for field in fields(Issue) if field.name not in ("lon", "lat"))
_RECEIVE: Final = text(question("receive_issues").text.replace("{columns}", ", ".join(_SAID)))
# Well-known bytes of a point in EPSG:4326, up to its coordinates; exact, as text need not be.
_POINT: Final = "0101000020e6100000"
_FROZEN: Final = ("grid", "community", "subdistrict", "lane")


class InMemory(NamedTuple):
    """What an intake need not ask of the database, where it is in memory and of now."""

    areas: InForce | None = None
    rules: KeptRules | None = None


Known: TypeAlias = Callable[[Connection, Mark], InMemory]


@dataclass(frozen=True)
class Receipt:
    """The answer to an issue: where it lay when it came in, frozen with the revisions of the nets.

    `path` is the chain of codes from the top area down, then `lane:…`; empty: nobody owns it, and
    the issue is in the unclaimed queue. `fresh` tells the first delivery from a repeated one.
    """

    id: int
    grid: str | None
    community: str | None
    subdistrict: str | None
    lane: str | None
    path: tuple[str, ...]
    grid_revision: int
    admin_revision: int
    received_at: datetime
    fresh: bool = field(compare=False)


class _Arrival(NamedTuple):
    """An issue on its way in: where it lies, and how a rule sends it, if one does."""

    issue: Issue
    here: Located
    sending: Sending | None


def receive(conn: Connection, issue: Issue) -> Receipt:
    """Return the receipt of an issue: stored now, or at its first delivery if it came before.

    Raises
    ------
    ConflictError
        When the reference is there with other content, or is somebody else's to see.
    """
    answer = receive_all(conn, [issue])[0]
    if isinstance(answer, ConflictError):
        raise answer
    return answer


def receive_all(
    conn: Connection, issues: Sequence[Issue], known: Known | None = None
) -> list[Receipt | ConflictError]:
    """Return what becomes of each issue that the acting person hands in: see `receive`.

    Of several with one reference the first is stored.

    Parameters
    ----------
    known
        Called with what is in force, which stays so in this transaction: what is in memory of it.
        For the rest the database is asked.
    """
    held = hold_in_force(conn)
    memory = known(conn, held.mark) if known is not None else InMemory()
    here = _located(conn, issues, memory.areas)
    arrivals = _routed(conn, issues, here, held.now, memory)
    rows = [_row(arrival) for arrival in arrivals]
    fresh = _stored(conn, arrivals, rows, held)
    repeated = _repeated(conn, rows) if len(fresh) < len(rows) else {}
    return [
        fresh.get(n) or repeated.get(n) or ConflictError(source=i.source, reference=i.reference)
        for n, i in enumerate(issues)
    ]


def _located(conn: Connection, issues: Sequence[Issue], areas: InForce | None) -> list[Located]:
    here = _by_points(conn, issues, areas)
    return [
        located_in(conn, issue.area) if issue.area else at
        for issue, at in zip(issues, here, strict=True)
    ]


def _by_points(conn: Connection, issues: Sequence[Issue], areas: InForce | None) -> list[Located]:
    if areas is not None:
        return areas.located([i.lon for i in issues], [i.lat for i in issues])
    return located_each(conn, [(issue.lon, issue.lat) for issue in issues])


def _routed(
    conn: Connection,
    issues: Sequence[Issue],
    here: Sequence[Located],
    now: datetime,
    memory: InMemory,
) -> list[_Arrival]:
    """Return the issues with where they lie, and how those are sent that a rule sends."""
    desk = _rules(conn, issues, here, memory)
    if desk is None:
        return [_Arrival(i, at, None) for i, at in zip(issues, here, strict=True)]
    timing = reckoned(desk.ruler, now)
    return [
        _Arrival(issue, at, _sending(issue, at, desk, timing))
        for issue, at in zip(issues, here, strict=True)
    ]


class _Rules(NamedTuple):
    """What those issues are sent by that a rule sends: the catalogue, the duties, the calendar."""

    services: Mapping[str, Listed]
    routing: Routing
    ruler: Ruler


def _rules(
    conn: Connection, issues: Sequence[Issue], here: Sequence[Located], memory: InMemory
) -> _Rules | None:
    """Return the rules, of memory where they are there; None where no issue is sent by one."""
    kept = memory.rules
    services = kept.services if kept else listed(conn, {i.service for i in issues if i.service})
    asked = [
        Asked(at, issue.service, issue.against)
        for issue, at in zip(issues, here, strict=True)
        if _is_ruled(issue, at, services)
    ]
    if not asked:
        return None
    if kept and not any(one.against for one in asked):
        return _Rules(services, kept.desk(), kept.ruler)
    special = memory.areas.special if memory.areas else None
    routing = routing_desk(conn, asked, services, special=special)
    return _Rules(services, routing, kept.ruler if kept else ruler(conn))


def _is_ruled(issue: Issue, here: Located, services: Mapping[str, Listed]) -> bool:
    known = services.get(issue.service or "")
    return bool(known and known.auto_send and here.path)


def _sending(issue: Issue, here: Located, rules: _Rules, timing: Desk) -> Sending | None:
    if not _is_ruled(issue, here, rules.services):
        return None
    case = Case(id=0, source=issue.source, due_at=issue.due_at)
    found = rules.routing.route(Asked(here, issue.service, issue.against))
    limits = rules.services[issue.service or ""].limits
    return sending(case, here, found, of_service(timing, limits))


def _row(arrival: _Arrival) -> dict[str, Any]:
    """Return an issue as its row; columns of its own are named as its fields."""
    issue = arrival.issue
    said = {name: getattr(issue, name) for name in _SAID}
    geom = None
    if issue.lon is not None and issue.lat is not None:
        geom = _POINT + pack("<dd", issue.lon, issue.lat).hex()
    state = arrival.sending.case.state if arrival.sending else "new"
    return {**said, "geom": geom, **arrival.here._asdict(), "state": state}


def _stored(
    conn: Connection, arrivals: Sequence[_Arrival], rows: Sequence[Mapping[str, Any]], held: Held
) -> dict[int, Receipt]:
    """Return the receipts of what is new, by its number; tasks and events are written with it."""
    keys = [(row["source"], row["reference"]) for row in rows]
    number = {key: n for n, key in reversed(list(enumerate(keys)))}
    grid, admin = (held.numbers.get(net, 0) for net in ("grid", "admin"))
    order = {"rows": as_json(rows), "grid_revision": grid, "admin_revision": admin}
    with refusing(ISSUES.name):
        stored = conn.execute(_RECEIVE, order).all()
    ids = {number[row.source, row.reference]: int(row.id) for row in stored}
    sendings = [(ids[n], arrivals[n].sending) for n in sorted(ids)]
    events = [
        {"noun": "issue", "subject": str(ids[n]), "name": "receive",
         "detail": {}, "path": arrivals[n].here.path}
        for n in sorted(ids)
    ]  # fmt: skip
    record_all(conn, events + sent(conn, [(i, how) for i, how in sendings if how]))
    return {
        n: Receipt(
            id=ids[n],
            **arrivals[n].here._asdict(),
            grid_revision=grid,
            admin_revision=admin,
            received_at=held.now,
            fresh=True,
        )
        for n in ids
    }


def _repeated(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[int, Receipt]:
    """Return the first receipts of what was there already with the same content, by its number."""
    found = conn.execute(question("received_issues"), {"rows": as_json(rows)}).mappings()
    return {row["n"]: _receipt(row) for row in found if row["same"]}


def _receipt(row: RowMapping) -> Receipt:
    later = ("grid_revision", "admin_revision", "received_at")
    kept = {name: row[name] for name in ("id", *_FROZEN, *later)}
    return Receipt(**kept, path=tuple(row["path"]), fresh=False)
