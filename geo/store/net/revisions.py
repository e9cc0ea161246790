"""Revisions of a net: taken under its lock, numbered in a line, asked for by number or date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, func, insert, select, text

from geo.errors import (
    BeforeFirstError,
    ChangedAgainError,
    EffectiveDateError,
    MissingError,
    UnknownParentError,
)
from geo.store.answers import question, rows_of, run_parts
from geo.store.database import CITY_TIME
from geo.store.schema.tables import NET, REVISION

At: TypeAlias = int | date

_SHOWN: Final = 5
# Held shared by whoever takes issues in, alone by whoever has changed what is in force.
_IN_FORCE: Final = 0x6A696E67
_HOLD: Final = select(func.now(), func.pg_advisory_xact_lock_shared(_IN_FORCE))
_HOLD_ALONE: Final = select(func.pg_advisory_xact_lock(_IN_FORCE))
_MARK: Final = text(
    "select coalesce(json_object_agg(name, number), '{}'), "
    "(select coalesce(sum(times), 0)::bigint from rules_changed), current_date from net"
)


class Mark(NamedTuple):
    """What may be kept in memory while it is the same: of the areas in force, and of the rules.

    `numbers` are the newest revisions of the nets, by name; `rules` how often duties, services,
    parties or the calendar were changed; `today` is the day in the city.
    """

    numbers: Mapping[str, int]
    rules: int
    today: date


class Held(NamedTuple):
    """When a transaction began, and what it found in force."""

    now: datetime
    mark: Mark

    @property
    def numbers(self) -> Mapping[str, int]:
        """The newest revision of each net, by name."""
        return self.mark.numbers


def hold_in_force(conn: Connection) -> Held:
    """Return what is in force; no revision is added until the transaction ends.

    Others may hold them too, and whatever a publication does but its last step goes on: that waits,
    and whoever comes after it waits for that.
    """
    now = conn.execute(_HOLD).one()[0]
    return Held(now, mark_of(conn))


def mark_of(conn: Connection) -> Mark:
    """Return what is in force now."""
    return Mark(*conn.execute(_MARK).one())


def lock_net(conn: Connection, net: str) -> int:
    """Return the newest revision of a net, which nobody else changes until the transaction ends."""
    newest = select(NET.c.number).where(NET.c.name == net)
    locked = conn.execute(newest.with_for_update()).scalar()
    if locked is None:
        fresh = text("insert into net (name) values (:net) on conflict do nothing")
        conn.execute(fresh, {"net": net})
        locked = conn.execute(newest.with_for_update()).scalar_one()
    return int(locked)


def add_revision(conn: Connection, net: str, kind: str, **details: Any) -> int:  # noqa: ANN401 columns of REVISION
    """Return the number of a new revision of a net that is locked; nobody sees it yet.

    Call `hold_alone` before the transaction ends.

    Parameters
    ----------
    details
        Columns of REVISION: scope, path, plan, batch, undoes, effective_on (default: today).
    """
    number = lock_net(conn, net) + 1
    conn.execute(NET.update().where(NET.c.name == net).values(number=number))
    day = details.pop("effective_on", None) or today(conn)
    made_by = func.coalesce(func.acting_person(), "")
    row = {"net": net, "number": number, "kind": kind, "effective_on": day, **details}
    conn.execute(insert(REVISION).values(**row, made_by=made_by))
    return number


def hold_alone(conn: Connection) -> None:
    """Wait for whoever holds what is in force, and keep others from it until the transaction ends.

    What they took in by then is seen from here on: each of it was decided by one revision.
    """
    conn.execute(_HOLD_ALONE)


def number_at(conn: Connection, net: str, at: At | None) -> int:
    """Return the revision in force at a date or number; the newest by default.

    Raises
    ------
    MissingError
        When the net has no revision of that number.
    """
    newest = int(conn.execute(select(NET.c.number).where(NET.c.name == net)).scalar() or 0)
    if at is None:
        return newest
    if isinstance(at, date):
        until = select(func.max(REVISION.c.number)).where(
            REVISION.c.net == net, REVISION.c.effective_on <= at
        )
        return int(conn.execute(until).scalar() or 0)
    if not 0 <= at <= newest:
        raise MissingError(noun="revision", noun_zh="版本", key=f"{net} {at}")
    return at


def number_beside(conn: Connection, net: str, at: At | None, *, of: str = "grid") -> int:
    """Return the revision a net had while another net was at one.

    Parameters
    ----------
    at
        A revision of the net `of`: the last one of `net` before the next of `of`. A date: that of
        the date. None: the newest.

    Raises
    ------
    MissingError
        When the net `of` has no revision of that number.
    """
    if net == of or at is None or isinstance(at, date):
        return number_at(conn, net, at)
    until = known_until(conn, at, of=of)
    earlier = select(func.max(REVISION.c.number)).where(REVISION.c.net == net)
    if until is not None:
        earlier = earlier.where(REVISION.c.made_at < until)
    return int(conn.execute(earlier).scalar() or 0)


def known_until(conn: Connection, at: At | None, *, of: str = "grid") -> datetime | None:
    """Return the instant before which everything known at a moment had happened; None: it is now.

    The end of a date in the city; when the next revision was made, for a revision.

    Raises
    ------
    MissingError
        When the net has no revision of that number.
    """
    if at is None:
        return None
    if isinstance(at, date):
        return datetime.combine(at, time.max, ZoneInfo(CITY_TIME))
    following = (REVISION.c.net == of, REVISION.c.number == number_at(conn, of, at) + 1)
    made: datetime | None = conn.execute(select(REVISION.c.made_at).where(*following)).scalar()
    return made


def demand_moment(conn: Connection, net: str, at: At | None) -> None:
    """Refuse a moment at which a net had nothing yet, or a number it has not reached.

    Raises
    ------
    MissingError
        When there is no revision of that number, or no such net.
    BeforeFirstError
        When the date is before the first revision.
    """
    if at is None:
        return
    first = select(func.min(REVISION.c.effective_on)).where(REVISION.c.net == net)
    opened = conn.execute(first).scalar()
    if opened is None:
        raise MissingError(noun="net", noun_zh="网", key=net)
    if isinstance(at, date):
        if at < opened:
            raise BeforeFirstError(net=net, date=at, first=opened)
    elif number_at(conn, net, at) == 0:
        raise MissingError(noun="revision", noun_zh="版本", key=f"{net} 0")


def read_revisions(conn: Connection, net: str) -> pd.DataFrame:
    """Return the revisions of a net, newest first.

    Columns number, kind (import, plan, rollback), scope, plan, undoes, effective_on, made_by,
    made_at, `may_undo`: whether the acting person approves where it was made and may take it back,
    and `refused`: why who approves there may not, an error or None.

    Raises
    ------
    MissingError
        When there is no such net.
    """
    found = rows_of(conn, question("revisions_told"), net=net)
    if found.empty:
        raise MissingError(noun="net", noun_zh="网", key=net)
    refused = [
        _refused(net, *row) for row in zip(found.number, found.scope, found.again, strict=True)
    ]
    may = found.approves & (found.again.str.len() == 0)
    told = found.drop(columns=["approves", "again"]).assign(may_undo=may, refused=refused)
    return told.astype({"plan": "Int64", "undoes": "Int64"})


def _refused(
    net: str, number: int, scope: str | None, again: Sequence[str]
) -> ChangedAgainError | None:
    if not again:
        return None
    return ChangedAgainError(scope=scope or net, base=number, codes=", ".join(again))


def today(conn: Connection) -> date:
    """Return today's date in the city."""
    day: date = conn.execute(select(func.current_date())).scalar_one()
    return day


def effective_date(conn: Connection, net: str, day: date | None, *, now: date) -> date:
    """Return the day a revision takes effect: the one given, else `now`.

    Raises
    ------
    EffectiveDateError
        When it lies before the newest revision's: dates must follow numbers.
    """
    newest = select(func.max(REVISION.c.effective_on)).where(REVISION.c.net == net)
    first = conn.execute(newest).scalar() or date.min
    chosen = day or max(now, first)
    if chosen < first:
        raise EffectiveDateError(date=chosen, first=first)
    return chosen


def retire_and_add(conn: Connection, net: str, number: int) -> None:
    """Put the rows of `pg_temp.touched` in force as a revision of their net."""
    run_parts(conn, "retire_and_add_areas", net=net, number=number)


def refresh_paths(conn: Connection) -> None:
    """Bring the chains of codes above the areas up to date, those of `pg_temp.touched` first.

    To be called before `retire_and_add`, so that every area is written once.

    Raises
    ------
    UnknownParentError
        When an area names a parent that will not be in force, or areas are each other's parents.
    """
    run_parts(conn, "refresh_paths")
    codes = conn.execute(question("areas_astray")).scalars().all()
    if codes:
        raise UnknownParentError(count=len(codes), codes=", ".join(codes[:_SHOWN]))
