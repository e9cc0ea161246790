"""Links that open a task, or a worker's day, on a phone: made, bound to a device, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from geo.errors import LinkClosedError, MissingError, NotOfLinkError
from geo.store.answers import rows_of
from geo.store.database import CITY_TIME
from geo.store.events import record
from geo.store.schema.support_tables import ATTACHMENT, LINK
from geo.store.schema.tables import ISSUE, PARTY, TASK

_OPEN: Final = text("select * from open_link(:link, :serial, :device, :uses)")
MOST: Final = 200  # tasks of a day
_TO_DO: Final = ("sent", "taken", "returned", "held")
_REACHED: Final = select(TASK.c.id, TASK.c.issue, TASK.c.party, TASK.c.passed_on, TASK.c.state)
_LIVE: Final = LINK.c.revoked_at.is_(None)
_SHOWN: Final = ("id", "kind", "party", "task", "day", "serial", "opened_at", "expires_at",
                 "revoked_at", "made_by", "made_at")  # fmt: skip


class Opened(NamedTuple):
    """What a link stands for: one task of a party, or all it has to do on a day."""

    link: int
    kind: str
    party: str
    task: int | None
    day: date | None
    expires_at: datetime
    is_first: bool  # just bound to this device
    is_bound: bool


def link_to_task(conn: Connection, task: int, expires_at: datetime) -> dict[str, Any]:
    """Return the link that opens a task for its holder; made again, the former opens no more.

    Raises
    ------
    MissingError
        When the task is not there, or not for the acting person to see, or nobody's.
    RowRefusedError
        When the person does not send what lies there.
    """
    asked = select(TASK.c.party, TASK.c.path, TASK.c.issue).where(TASK.c.id == task)
    row = conn.execute(asked).one_or_none()
    if row is None or row.party is None:
        raise MissingError(noun="task", noun_zh="任务", key=task)
    made = _made(conn, kind="task", party=row.party, task=task, path=row.path, until=expires_at)
    about = ("task", task) if row.issue is None else ("issue", row.issue)
    _tell(conn, about, made, row.path)
    return made


def link_to_day(conn: Connection, party: str, day: date, expires_at: datetime) -> dict[str, Any]:
    """Return the link that opens what a party has to do on a day; made again as `link_to_task`.

    Raises
    ------
    MissingError
        When there is no such party.
    RowRefusedError
        When the person does not send anybody to where the party has a duty.
    """
    if conn.execute(select(PARTY.c.code).where(PARTY.c.code == party)).scalar() is None:
        raise MissingError(noun="party", noun_zh="主体", key=party)
    made = _made(conn, kind="day", party=party, day=day, until=expires_at)
    _tell(conn, ("link", made["id"]), made, ())
    return made


def revoke_link(conn: Connection, link: int) -> None:
    """Take a link back: from now on it opens nothing.

    Raises
    ------
    MissingError
        When it is not there, taken back already, or not for the acting person to take back.
    """
    one = update(LINK).where(LINK.c.id == link, _LIVE).values(revoked_at=func.now())
    taken = conn.execute(one.returning(LINK.c.path, LINK.c.party)).one_or_none()
    if taken is None:
        raise MissingError(noun="link", noun_zh="手机链接", key=link)
    record(conn, "link", link, "revoke", {"party": taken.party}, path=taken.path)


def read_link(conn: Connection, link: int) -> dict[str, Any]:
    """Return a link that is not taken back.

    Raises
    ------
    MissingError
        When it is not there, taken back, or not for the acting person to see.
    """
    found = rows_of(conn, _chosen(LINK.c.id == link, _LIVE)).to_dict("records")
    if not found:
        raise MissingError(noun="link", noun_zh="手机链接", key=link)
    return {str(name): value for name, value in found[0].items()}


def links_of_task(conn: Connection, task: int) -> pd.DataFrame:
    """Return the links to a task that are not taken back, the newest first."""
    return rows_of(conn, _chosen(LINK.c.task == task, _LIVE))


def open_link(conn: Connection, link: int, serial: int, device: str, *, uses: bool) -> Opened:
    """Return what a signed link stands for; the first device that uses it is the only one then.

    Parameters
    ----------
    device
        A digest of what the device alone holds.
    uses
        Whether something is done with the link; who only looks binds nothing.

    Raises
    ------
    LinkClosedError
        When it was replaced, taken back, is over, or is another device's: which.
    """
    values = {"link": link, "serial": serial, "device": device, "uses": uses}
    row = conn.execute(_OPEN, values).one_or_none()
    if row is None or row.fault:
        raise LinkClosedError.of(row.fault if row is not None else "unknown")
    about = (row.kind, row.party, row.task, row.day, row.expires_at)
    return Opened(link, *about, row.is_first, row.is_bound)


def tell_opened(conn: Connection, opened: Opened) -> None:
    """Write down that a link was used for the first time, by whom it stands for."""
    record(conn, "link", opened.link, "open", {"party": opened.party, "task": opened.task})


class Reached(NamedTuple):
    """A task as a link reaches it: of which issue (None: of none), and whether it is still its.

    What was withdrawn is nobody's.
    """

    issue: int | None
    is_held: bool


def reached(conn: Connection, opened: Opened, task: int) -> Reached:
    """Return a task that a link reaches: its own, or one its party holds, or held and passed on.

    Raises
    ------
    NotOfLinkError
        When it is another, or not for the party to see any more.
    """
    row = conn.execute(_REACHED.where(TASK.c.id == task)).one_or_none()
    known = row is not None and opened.party in (row.party, *row.passed_on)
    if row is None or not known or opened.task not in (None, task):
        raise NotOfLinkError(what=f"task {task}")
    return _held(opened, row)


def _held(opened: Opened, row: Row[Any, Any, Any, Any, Any]) -> Reached:
    return Reached(row.issue, row.party == opened.party and row.state != "withdrawn")


def task_of_photo(conn: Connection, opened: Opened, photo: int) -> int | None:
    """Return a task that a link reaches and that a photo is of; None where there is none."""
    of = or_(TASK.c.issue == ATTACHMENT.c.issue, TASK.c.id == ATTACHMENT.c.task)
    mine = or_(TASK.c.party == opened.party, TASK.c.passed_on.contains([opened.party]))
    asked = select(TASK.c.id).join(ATTACHMENT, of).where(ATTACHMENT.c.id == photo, mine)
    if opened.task is not None:
        asked = asked.where(TASK.c.id == opened.task)
    return conn.execute(asked.order_by(TASK.c.id).limit(1)).scalar()


def reported(conn: Connection, reference: str) -> int:
    """Return the issue that the acting person handed in under a reference from a phone.

    Raises
    ------
    MissingError
        When there is none.
    """
    mine = ISSUE.c.received_by == func.acting_person()
    asked = select(ISSUE.c.id).where(
        ISSUE.c.source == "patrol", ISSUE.c.reference == reference, mine
    )
    number = conn.execute(asked).scalar()
    if number is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=reference[:40])
    return int(number)


def tasks_of_day(conn: Connection, opened: Opened) -> dict[int, Reached]:
    """Return the tasks that a link to a day reaches: what its party holds, or finished that day.

    What is to be done comes first, of it what is due first; then what waits for others, then what
    is finished, without what was found at doors: charts show that, of hundreds in a day.
    """
    today = func.date(func.timezone(CITY_TIME, TASK.c.finished_at)) == opened.day
    done = and_(today, TASK.c.found == "")
    chosen = and_(TASK.c.party == opened.party, or_(TASK.c.state.in_(_TO_DO), done))
    turn = case((TASK.c.state.in_(_TO_DO[:2]), 0), (TASK.c.state.in_(_TO_DO), 1), else_=2)
    asked = _REACHED.where(chosen).order_by(turn, TASK.c.due_at.nulls_last(), TASK.c.id)
    return {row.id: _held(opened, row) for row in conn.execute(asked.limit(MOST))}


def _chosen(*where: ColumnElement[bool]) -> Any:  # noqa: ANN401 a select of as many columns
    return select(*(LINK.c[name] for name in _SHOWN)).where(*where).order_by(LINK.c.id.desc())


def _made(conn: Connection, *, until: datetime, **told: Any) -> dict[str, Any]:  # noqa: ANN401 columns of any type
    person = func.coalesce(func.acting_person(), "")
    one = insert(LINK).values(**told, expires_at=until, made_by=person)
    again = one.on_conflict_do_update(
        index_elements=["party", "task", "day"],
        index_where=_LIVE,
        set_={
            "serial": LINK.c.serial + 1, "device": None, "opened_at": None, "expires_at": until,
            "made_by": person, "made_at": func.now(),
        },
    )  # fmt: skip
    row = conn.execute(again.returning(*(LINK.c[name] for name in _SHOWN))).one()
    return dict(row._mapping)  # noqa: SLF001 how SQLAlchemy names a row's columns


def _tell(
    conn: Connection, about: tuple[str, object], made: dict[str, Any], path: Sequence[str]
) -> None:
    detail = {"link": {"id": made["id"], "party": made["party"], "again": made["serial"] > 1}}
    record(conn, *about, "link", detail, path=path)
