"""Whose an issue is, asked of the duties in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, Text, cast, select

from geo.errors import MissingError
from geo.issues import edge_named
from geo.issues.refusals import demand
from geo.routing import Holding, Reason, Route, Spot, route
from geo.store.actors import reads_steps
from geo.store.answers import of_each, question
from geo.store.locating import Located
from geo.store.schema.tables import AREA, ISSUE, TASK

ANYBODY: Final = "grid_worker"  # where no service says otherwise
UNKNOWN_RECUSAL: Final = Reason("recusal", None, None, None, None, faults=("against-unknown",))


def route_of(
    conn: Connection,
    here: Located,
    service: str | None,
    *,
    against: Sequence[str] = (),
    strict: bool = False,
) -> Route:
    """Return whose an issue of a service is at a place.

    A service that the catalogue does not have is told of in the chain.

    Parameters
    ----------
    strict
        Refuse such a service instead: a person has just typed it.

    Raises
    ------
    MissingError
        When there is no such service, and `strict`.
    """
    rows = conn.execute(question("services_above"), {"service": service}).all() if service else []
    if service and not rows and strict:
        raise MissingError(noun="service", noun_zh="事项", key=service)
    services = [row.code for row in rows if not row.circle]
    values = {"path": list(here.path), "services": services}
    held = [Holding(*row) for row in conn.execute(question("duties_over"), values)]
    spot = Spot(here.path, _special(conn, here.grid), here.subdistrict)
    role = rows[0].default_role if rows else ANYBODY
    faults = faults_of(service, circle=any(row.circle for row in rows), known=bool(rows))
    barred, unknown = _recused(conn, against)
    return route(spot, services, role, held, against=barred, faults=[*faults, *unknown])


def dispatcher_above(
    conn: Connection, path: Sequence[str], holder: str, *, against: Sequence[str] = ()
) -> str | None:
    """Return who dispatches above whoever holds a task; None where nobody does.

    The smallest area above all those that the holder has a duty on; never whoever is complained
    about.
    """
    barred, _ = _recused(conn, against)
    values = {"path": list(path), "holder": holder, "against": sorted(barred)}
    found = conn.execute(question("dispatcher_above"), values).scalar()
    return None if found is None else str(found)


class Above(NamedTuple):
    """The area of who dispatches above a holder; None where it is of a department's net."""

    kind: str | None
    name: str | None


def levels_above(conn: Connection, tasks: Sequence[int]) -> dict[int, Above]:
    """Return for tasks of issues where they would go by `escalate`, asked of all at once.

    Left out are those of which somebody is complained about: that is looked into as it is done.
    """
    path = cast(ISSUE.c.path, Text)  # of lists of several lengths PostgreSQL makes no list
    asked = select(TASK.c.id, path, TASK.c.party).join(ISSUE, ISSUE.c.id == TASK.c.issue)
    rows = conn.execute(asked.where(TASK.c.id.in_(list(tasks)), ISSUE.c.against.is_(None))).all()
    ids, paths, holders = zip(*rows, strict=True) if rows else [()] * 3
    each = of_each("dispatcher_above", path="text", holder="text")
    values = {"path_of_each": list(paths), "holder_of_each": list(holders), "against": []}
    found = conn.execute(each, values)
    return {ids[told.nth - 1]: Above(told.kind, told.name) for told in found}


CALLS: Final = ("whistle", "sign", "decline", "joint")


class Sent(NamedTuple):
    """A step that gave an issue to its holder, kept as it was.

    `step` is send, resend, rule, settle, hand_over or escalate, or one of CALLS, which call others
    to it (`parties`); `route` is the chain of reasons, empty where a person chose; `tasks` are the
    numbers of those that the step made or changed.
    """

    step: str
    at: datetime
    person: str
    party: str | None
    reason: str
    assists: tuple[str, ...]
    parties: tuple[str, ...]
    tasks: frozenset[str]
    route: tuple[Reason, ...]


def sent_route(conn: Connection, issue: int) -> tuple[Sent, ...]:
    """Return how an issue came to who has it: as it was last sent, then each time it went on.

    Whoever was called to it stands among them, before it was sent as well.
    """
    rows = conn.execute(question("sent_route"), {"issue": str(issue)}).mappings()
    steps = [_sent(row) for row in rows]
    first = max((i for i, s in enumerate(steps) if s.step == "send" or s.route), default=0)
    return tuple(s for i, s in enumerate(steps) if i >= first or s.step in CALLS)


def reads_reasons(conn: Connection, issue: int) -> bool:
    """Tell whether the acting person reads why an issue is whose it is.

    Of a confidential one who handles it, verifies or rules there: the chain names whom it passes
    over, and where it names nobody one knows oneself passed over.
    """
    asked = select(reads_steps(ISSUE.c.id, ISSUE.c.path)).where(ISSUE.c.id == issue)
    return bool(conn.execute(asked).scalar_one_or_none())


def _sent(row: RowMapping) -> Sent:
    told = row["detail"].get("order", {})
    given = (told.get("party"), row["reason"], tuple(told.get("assists", ())))
    called = (tuple(told.get("parties", ())), frozenset(row["detail"].get("tasks", ())))
    route = reasons_kept(told.get("route", ()))
    return Sent(row["name"], row["at"], row["person"], *given, *called, route)


def reasons_kept(told: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Return a chain of reasons from how an event keeps it.

    >>> reasons_kept([{"rung": "list", "area": "g", "service": "s", "role": None, "party": "p",
    ...                "passed_over": [], "faults": ["leads-clash"]}])[0].faults
    ('leads-clash',)
    """
    return tuple(_reason(rung) for rung in told)


def _reason(rung: Mapping[str, Any]) -> Reason:
    known: dict[str, Any] = {name: rung[name] for name in Reason._fields if name in rung}
    lists = {name: tuple(known.get(name, ())) for name in ("passed_over", "faults")}
    return Reason(**(known | lists))


def demand_impartial(
    conn: Connection, against: str | None, parties: Iterable[str | None], step: str
) -> None:
    """Refuse to give an issue to whom it complains about, or to those below them.

    Raises
    ------
    StepRefusedError
        Whom it would go to.
    """
    named = {party for party in parties if party}
    if not against or not named:
        return
    found = sorted(named & recused(conn, against))
    demand(not found, edge_named(step), "against", parties="、".join(found))


def recused(conn: Connection, against: str | None) -> frozenset[str]:
    """Return whom an issue may not be given to: whom it complains about, and those below them."""
    return _recused(conn, [against])[0] if against else frozenset()


def _recused(conn: Connection, against: Sequence[str]) -> tuple[frozenset[str], list[Reason]]:
    """Return who may not be the answer; and that nobody knows some of those complained about."""
    if not against:
        return frozenset(), []
    rows = conn.execute(question("parties_below"), {"parties": list(against)}).all()
    unknown = set(against) - {row.said for row in rows}
    return frozenset(row.code for row in rows), [UNKNOWN_RECUSAL] if unknown else []


def faults_of(service: str | None, *, circle: bool, known: bool) -> list[Reason]:
    """Return what is wrong with the service itself, as the first of the chain."""
    if service is None or (known and not circle):
        return []
    fault = "service-circle" if circle else "service-unknown"
    return [Reason("list", None, service, None, None, faults=(fault,))]


def _special(conn: Connection, grid: str | None) -> str | None:
    """Return the grid if it is a special one."""
    now = (AREA.c.net == "grid", AREA.c.code == grid, AREA.c.valid_to.is_(None))
    return grid if conn.execute(select(AREA.c.special).where(*now)).scalar() else None
