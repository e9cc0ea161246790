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
from geo.issues import Case, Issue
from geo.store.answers import question
from geo.store.events import record_all
from geo.store.incoming.sending import Sending, reckoned, sending, sent
from geo.store.locating import Located, located, located_in
from geo.store.making import as_json
from geo.store.merging import refusing
from geo.store.net.revisions import Held, hold_in_force
from geo.store.net.territory import InForce
from geo.store.rules.deadlines import of_service
from geo.store.rules.routes import Asked, listed, routing_desk

_SAID: Final = tuple(field.name for field in fields(Issue) if field.name not in ("lon", "lat"))
_RECEIVE: Final = text(question("receive_issues").text.replace("{columns}", ", ".join(_SAID)))
# Well-known bytes of a point in EPSG:4326, up to its coordinates; exact, as text need not be.
_POINT: Final = "0101000020e6100000"
_FROZEN: Final = ("grid", "community", "subdistrict", "lane")

Known: TypeAlias = Callable[[Mapping[str, int]], InForce | None]


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
        Called with the newest revisions: the areas in force then, where they are in memory. Where
        they are not, the database is asked of each point.
    """
    held = hold_in_force(conn)
    areas = known(held.numbers) if known is not None else None
    here = _located(conn, issues, areas)
    arrivals = _routed(conn, issues, here, held.now, areas)
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
    return [located(conn, issue.lon, issue.lat) for issue in issues]


def _routed(
    conn: Connection,
    issues: Sequence[Issue],
    here: Sequence[Located],
    now: datetime,
    areas: InForce | None,
) -> list[_Arrival]:
    """Return the issues with where they lie, and how those are sent that a rule sends."""
    services = listed(conn, {i.service for i in issues if i.service})
    ruled = {code for code, service in services.items() if service.auto_send}
    asked = [
        Asked(at, i.service, i.against) if i.service in ruled and at.path else None
        for i, at in zip(issues, here, strict=True)
    ]
    if not any(asked):
        return [_Arrival(i, at, None) for i, at in zip(issues, here, strict=True)]
    special = None if areas is None else areas.special
    routing = routing_desk(conn, [one for one in asked if one], services, special=special)
    desk = reckoned(conn, now)
    return [
        _Arrival(
            issue,
            at,
            one
            and sending(
                Case(id=0, source=issue.source, due_at=issue.due_at),
                at,
                routing.route(one),
                of_service(desk, services[one.service or ""].limits),
            ),
        )
        for issue, at, one in zip(issues, here, asked, strict=True)
    ]


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
