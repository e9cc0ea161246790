"""What is kept of a person who reported something: told, erased, forgotten after its time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from secrets import token_hex
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from geo.errors import BadFieldError, MissingError
from geo.issues.masking import without_persons
from geo.retention import Periods
from geo.store.answers import question, run_parts
from geo.store.events import record
from geo.store.schema.support_tables import CONTACT
from geo.store.schema.tables import ISSUE, TASK
from geo.vault import Sealed

_BYTES: Final = 4  # of a request's number
_LEAST_REASON: Final = 2  # letters
_LOCK: Final = 6_437_003  # keeping contacts against changing their key: any fixed number serves


class Forgotten(NamedTuple):
    """How many issues were forgotten, and the photos that no issue has any more.

    `tasks` are the tasks of those issues, which may have been handed over as files; `request` is
    the number by which history knows that a person asked for it.
    """

    issues: int
    photos: tuple[str, ...] = ()
    tasks: tuple[int, ...] = ()
    request: str = ""


def said_by(conn: Connection, reporter: str, reason: str) -> list[dict[str, Any]]:
    """Return what is kept of a person, an issue each, the oldest first; who asked is kept too.

    By the owner's role. History knows the request by a number of its own: nothing in it leads to
    the person.

    Parameters
    ----------
    reporter
        The key of the person (`geo.issues.reporters.reporter_key`).
    reason
        Why somebody asks.
    """
    rows = conn.execute(question("said_by_reporter"), {"reporter": reporter}).mappings()
    found = [dict(row) for row in rows]
    tell_of_persons(conn, "export", reason, issues=len(found))
    return found


def forget_person(conn: Connection, reporter: str, reason: str) -> Forgotten:
    """Return what was erased of a person: words, places' names, photos, and that it was one person.

    By the owner's role. Issues stay as counts, in their grid; open ones lose their words as well.
    """
    asked = select(ISSUE.c.id).where(ISSUE.c.reporter == reporter).order_by(ISSUE.c.id)
    done = _forget(conn, conn.execute(asked).scalars().all(), "request")
    conn.execute(delete(CONTACT).where(CONTACT.c.reporter == reporter))  # and with it the key
    return done._replace(request=tell_of_persons(conn, "erase", reason, issues=done.issues))


def forget_past(conn: Connection, kept: Periods, most: int) -> Forgotten:
    """Return what was erased because its time is over, so many issues at the most.

    By the owner's role.
    """
    told = {"days": kept.issue_words_days, "most": most}
    done = _forget(conn, conn.execute(question("past_keeping"), told).scalars().all(), "retention")
    rest = {
        "reporter_days": kept.issue_reporter_days, "task_days": kept.task_words_days,
        "contact_days": kept.contact_days,
    }  # fmt: skip
    photos = _photos_of_tasks(conn, kept.task_words_days)
    run_parts(conn, "forget_the_rest", **rest, most=most)
    return done._replace(photos=(*done.photos, *photos))


def _photos_of_tasks(conn: Connection, days: float) -> tuple[str, ...]:
    """Return the files that no row names any more, of tasks of no issue past their time."""
    gone = conn.execute(question("forget_task_photos"), {"task_days": days})
    return tuple(gone.scalars())


def erased_tasks(conn: Connection, tasks: Collection[int]) -> set[int]:
    """Return those of the tasks whose issue has been forgotten; by the owner's role."""
    of = select(TASK.c.id).join(ISSUE, TASK.c.issue == ISSUE.c.id)
    asked = of.where(TASK.c.id.in_(tasks), ISSUE.c.forgotten_at.is_not(None))
    return set(conn.execute(asked).scalars()) if tasks else set()


def keep_contact(conn: Connection, issue: int, kept: Sealed) -> None:
    """Keep how the reporter of an issue is reached, once; only whoever received the issue may."""
    conn.execute(select(func.keep_contact(issue, kept.wrapped, kept.sealed)))


def show_contact(conn: Connection, issue: int, reason: str) -> tuple[str, Sealed]:
    """Return the key of the reporter of an issue and how it is reached; history tells who asked.

    Raises
    ------
    BadFieldError
        When the reason says nothing, once numbers of persons are hidden in it.
    MissingError
        When none is kept, or it is not for the acting person to see.
    """
    why = without_persons(reason)
    if sum(map(str.isalnum, why)) < _LEAST_REASON:
        raise BadFieldError(field="reason", reason_zh="请写明理由", reason="say why")
    asked = text(
        "select reporter, wrapped, sealed from show_contact(cast(:issue as bigint), :reason)"
    )
    row = conn.execute(asked, {"issue": issue, "reason": why}).one_or_none()
    if row is None:
        raise MissingError(noun="contact", noun_zh="联系方式", key=issue)
    return str(row.reporter), Sealed(bytes(row.wrapped), bytes(row.sealed))


def keep_contacts(conn: Connection, kept: Mapping[str, Sealed]) -> None:
    """Keep how reporters of issues are reached, once each. By the owner's role, for a file.

    Parameters
    ----------
    kept
        By the reporter's key; of whom there is no issue, nothing is kept.
    """
    told = {
        "reporters": list(kept),
        "wrapped": [one.wrapped for one in kept.values()],
        "sealed": [one.sealed for one in kept.values()],
    }
    conn.execute(question("keep_contacts"), told)


def hold_key(conn: Connection) -> None:
    """Hold the key of new contacts until the transaction ends: nobody changes it meanwhile."""
    conn.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def await_keepers(conn: Connection) -> None:
    """Wait for those who keep contacts; until the transaction ends nobody begins."""
    conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def contacts_after(conn: Connection, after: str, most: int) -> dict[str, Sealed]:
    """Return the contacts of the reporters next after one, locked. By the owner's role."""
    asked = select(CONTACT).where(CONTACT.c.reporter > after).order_by(CONTACT.c.reporter)
    rows = conn.execute(asked.limit(most).with_for_update())
    return {row.reporter: Sealed(bytes(row.wrapped), bytes(row.sealed)) for row in rows}


def wrap_again(conn: Connection, wrapped: Mapping[str, bytes]) -> None:
    """Write the keys of reporters as another master key wraps them. By the owner's role."""
    if wrapped:
        one = update(CONTACT).where(CONTACT.c.reporter == bindparam("whose"))
        rows = [{"whose": whose, "under": under} for whose, under in wrapped.items()]
        conn.execute(one.values(wrapped=bindparam("under")), rows)


def contact_of(conn: Connection, reporter: str) -> Sealed | None:
    """Return how a person is reached; None: not kept. By the owner's role, for `said_by`."""
    asked = select(CONTACT.c.wrapped, CONTACT.c.sealed).where(CONTACT.c.reporter == reporter)
    row = conn.execute(asked).one_or_none()
    return None if row is None else Sealed(bytes(row.wrapped), bytes(row.sealed))


def _forget(conn: Connection, ids: Sequence[int], why: str) -> Forgotten:
    if not ids:
        return Forgotten(0)
    row = conn.execute(question("forget"), {"ids": list(ids), "why": why}).one()
    return Forgotten(int(row.issues), tuple(row.photos), tuple(row.tasks))


def tell_of_persons(conn: Connection, name: str, reason: str, **counts: int) -> str:
    """Return the number under which history tells that somebody asked for something of persons."""
    number = token_hex(_BYTES)
    record(conn, "person", number, name, {"reason": reason, **counts})
    return number
