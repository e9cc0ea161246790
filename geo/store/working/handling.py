"""Issues handled: each step decided by the rules, its rows written, its event appended, at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Connection, Executable, RowMapping, func, select, text, update

from geo.errors import MissingError, NobodyInChargeError, StaleIssueError
from geo.issues import Actor, Case, Order, Work, decide, edge_named
from geo.issues.meaning import work_meant
from geo.issues.refusals import demand
from geo.routing import Route
from geo.store.actors import acting_on
from geo.store.answers import question
from geo.store.events import record
from geo.store.incoming.placing import leader_of, spotted
from geo.store.locating import Located, located, located_in
from geo.store.making import Making, made, plain, told_of
from geo.store.rules.deadlines import Limits, desk
from geo.store.rules.routing import demand_impartial, dispatcher_above, route_of
from geo.store.schema.tables import ISSUE, PARTY, TASK
from geo.store.working.cases import OF_TASK, Look, case_of, looks, row_asked, work_of
from geo.store.working.reviews import called_back
from geo.store.working.seen import kept_from
from geo.versions import Seen, is_seen, seen_in_words

# Locked; what is decided counts tasks of others as well.
_ALL_OF: Final = text(f"select {', '.join(OF_TASK)} from tasks_of_issue(:issue)")
_OF_ISSUE: Final = {"state": "state", "outcome": "outcome", "returns": "returns", "ruled": "ruled",
                    "into": "merged_into"}  # fmt: skip


def act(conn: Connection, issue: int, order: Order, *, version: Seen = None) -> Case:
    """Return an issue after a step, by the acting person; rows and event are written with it.

    Parameters
    ----------
    version
        The version the person saw; None: whatever it is now.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    StaleIssueError
        When it has changed since that version.
    StepNotYoursError
        When the acting person sees the issue, or its task, and may not change it.
    IssueStepError, NotAllowedError, StepRefusedError
        See `geo.issues.decide`; nothing is written then.
    """
    if order.into is not None:  # in the order of their numbers: the other way round may come, too
        both = select(ISSUE.c.id).where(ISSUE.c.id.in_((issue, order.into)))
        conn.execute(both.order_by(ISSUE.c.id).with_for_update())
    row = _row(conn, issue, step=order.step)
    if not is_seen(row["version"], version):
        raise StaleIssueError(issue=issue, version=row["version"], seen=seen_in_words(version))
    before = case_of(conn, row, _tasks(conn, _ALL_OF, issue=issue))
    actor = acting_on(conn, row["path"], row["received_by"])
    named = _named(conn, row, _upwards(conn, row, before, order, actor))
    given = (named.party, *named.parties, *named.assists)
    demand_impartial(conn, row["against"], given, order.step)
    limits = Limits(row["answer_days"], row["calendar"] or "working")
    made = desk(conn, row, limits=limits)
    after = decide(before, named, actor, made)
    called_back(conn, row, before, after, named)
    done = _written(conn, row, before, after, named)
    if order.step == "urge" and before.into is not None:
        _pass_on(conn, row, order)
    return done


def _pass_on(conn: Connection, row: RowMapping, order: Order) -> None:
    """Tell the issue that does the work that one merged into it is urged.

    Raises
    ------
    StepRefusedError
        When that one is closed.
    """
    root = conn.execute(question("merged_root"), {"issue": row["id"]}).one()
    demand(root.state != "closed", edge_named("urge"), "over")
    detail = {"order": plain(_given(order)), "merged": row["id"]}
    record(conn, "issue", root.id, "urge", detail, path=root.path)


def look(conn: Connection, issue: int) -> Look:
    """Return an issue with its tasks, and what the acting person may do with it now.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    found = looks(conn, [issue])
    if issue not in found:
        raise kept_from(conn, ISSUE, issue, None)
    return found[issue]


def route_of_issue(conn: Connection, issue: int) -> tuple[Located, Route]:
    """Return where an issue lies today, and whose it would be if it were sent now.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    row = _row(conn, issue)
    here = here_of(conn, row)
    return here, _route_of(conn, here, row)


def _route_of(conn: Connection, here: Located, row: RowMapping) -> Route:
    against = [row["against"]] if row["against"] else []
    return route_of(conn, here, row["service"], against=against)


def metres_away(conn: Connection, issue: int, lon: float, lat: float) -> float | None:
    """Return how far a position (degrees, WGS 84) is from an issue; None where it has none.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    _row(conn, issue)
    here = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    apart = func.ST_DistanceSphere(ISSUE.c.geom, here)
    found = conn.execute(select(apart).where(ISSUE.c.id == issue)).scalar_one()
    return None if found is None else round(float(found), 1)


def _row(conn: Connection, issue: int, *, step: str | None = None) -> RowMapping:
    """Return an issue as steps need it, locked where a step will change it.

    Raises
    ------
    MissingError, StepNotYoursError
        When it is not for the acting person to see, or not to change.
    """
    asked = row_asked().where(ISSUE.c.id == issue)
    found = conn.execute(asked.with_for_update(of=ISSUE) if step else asked).mappings()
    row = found.one_or_none()
    if row is None:
        raise kept_from(conn, ISSUE, issue, step)
    return row


def _named(conn: Connection, row: RowMapping, order: Order) -> Order:
    """Return the order with its party: whose the issue is by its route, where it names none.

    Who assists by the list does so beside those whom the order names.

    Raises
    ------
    MissingError
        When the party, or the issue to merge into, is not there.
    NobodyInChargeError
        When nobody could be found, or nobody leads the grid named.
    StepRefusedError
        When the issue lies nowhere, and nobody answers for such a thing wherever it is.
    """
    _demand_known(conn, order)
    if order.grid is not None and not order.party:
        party, role = leader_of(conn, order.grid)
        return replace(order, party=party, role=role)
    if order.step != "send" or order.party:
        return order
    found = _route_of(conn, here_of(conn, row), row)
    if found.party is None:
        demand(bool(row["path"]), edge_named("send"), "nowhere")
        raise NobodyInChargeError(issue=row["id"], grid=row["path"][-1])
    why = tuple(reason._asdict() for reason in found.reasons)
    helpers = tuple(dict.fromkeys((*found.assists, *order.assists)))
    return replace(order, party=found.party, role=found.role, assists=helpers, route=why)


def _upwards(conn: Connection, row: RowMapping, case: Case, order: Order, actor: Actor) -> Order:
    """Return the order with who is above the task's holder, where it reports up and names nobody.

    Raises
    ------
    IssueStepError, StepRefusedError
        See `geo.issues.meaning.work_meant`.
    """
    if order.step != "escalate" or order.party or order.parties:
        return order
    holder = work_meant(case, order, edge_named(order.step), actor).party
    against = [row["against"]] if row["against"] else []
    above = dispatcher_above(conn, row["path"], holder, against=against)
    return replace(order, party=above)


def _demand_known(conn: Connection, order: Order) -> None:
    """Refuse an order that names a party or an issue which is not there."""
    if order.into is not None:
        into = _row(conn, order.into, step="merge")
        demand(into["state"] != "closed", edge_named("merge"), "into_closed")
    named = {party for party in (order.party, *order.parties, *order.assists) if party}
    known = conn.execute(select(PARTY.c.code).where(PARTY.c.code.in_(named))).scalars()
    if unknown := named - set(known):
        raise MissingError(noun="party", noun_zh="主体", key=min(unknown))


def _tasks(conn: Connection, asked: Executable, **values: int) -> list[Work]:
    rows = conn.execute(asked, values).mappings().all()
    return [work_of(conn, dict(row)) for row in rows]


def _written(conn: Connection, row: RowMapping, before: Case, after: Case, order: Order) -> Case:
    """Return the issue as stored: what changed is written, and told in one event."""
    changed = {
        column: getattr(after, name)
        for name, column in _OF_ISSUE.items()
        if getattr(after, name) != getattr(before, name)
    }
    spot = spotted(conn, order) if order.step == "place" else None
    moved = spot.columns if spot else {}
    one = update(ISSUE).where(ISSUE.c.id == row["id"])
    conn.execute(one.values(**changed, **moved, version=ISSUE.c.version + 1))
    follow = func.end_tasks if after.state == "closed" else func.place_tasks if spot else None
    if follow is not None:  # also those tasks that are not for the acting person to see
        conn.execute(select(follow(row["id"])))
    known = {work.id: work for work in before.tasks}
    new = [work for work in after.tasks if work.id not in known]
    over = after.state == "closed"
    told = {
        str(work.id): _changed(conn, known[work.id], work, order.step, over=over)
        for work in after.tasks[: len(known)]
    }
    here = here_of(conn, row) if new else None
    stored = made(conn, [Making(row["id"], here, work) for work in new]) if here else []
    told |= {str(work.id): told_of(work) for work in stored}
    detail = {
        "order": plain(_given(order)),
        "issue": plain(changed | (spot.told if spot else {})),
        "tasks": {task: values for task, values in told.items() if values},
    }
    record(conn, "issue", row["id"], order.step, detail, path=moved.get("path", row["path"]))
    return replace(after, tasks=(*after.tasks[: len(known)], *stored))


def _changed(
    conn: Connection, before: Work, after: Work, step: str, *, over: bool
) -> dict[str, Any]:
    """Return what a step changed of a task, once it is written; of an issue that is over or not.

    Raises
    ------
    MissingError, StepNotYoursError
        When the task is not for the acting person to see, or not to change (what ends with its
        issue has already).
    """
    old, new = asdict(before), asdict(after)
    changed = {name: new[name] for name in new if new[name] != old[name]}
    if changed:
        passed = [before.party] if "party" in changed else []
        carded = {"carded": ""} if "due_at" in changed else {}  # a card is for one due time
        one = update(TASK).where(TASK.c.id == after.id)
        one = one.values(passed_on=func.array_cat(TASK.c.passed_on, passed), **carded)
        written = conn.execute(one.values(**changed, version=TASK.c.version + 1)).rowcount
        if not written and not (over and not after.is_open):
            raise kept_from(conn, TASK, after.id, step)
    return plain(changed)


def _given(order: Order) -> dict[str, Any]:
    """Return what an order says, its blanks left out."""
    blank = Order(step="")
    return {
        name: value
        for name, value in asdict(order).items()
        if name != "step" and value != getattr(blank, name)
    }


def here_of(conn: Connection, row: RowMapping) -> Located:
    """Return where an issue lies today; without a position in the area it is known to lie in."""
    area = row["community"] or row["subdistrict"]
    if row["lon"] is None and area:
        return located_in(conn, area)
    return located(conn, row["lon"], row["lat"])
