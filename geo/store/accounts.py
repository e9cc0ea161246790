"""Accounts and sessions: who may sign in, by what, and which browsers are signed in.

By the owner's role alone: whoever signs in is nobody yet, and the app role reads no password.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from geo.errors import AccountTakenError, MissingError
from geo.store.answers import question, rows_of
from geo.store.devices import Device, count_wrong, forget_devices
from geo.store.events import record
from geo.store.net.people import is_person
from geo.store.schema.support_tables import ACCOUNT, SESSION
from geo.store.schema.tables import PARTY

_NOW: Final = func.now()
_SEEN_EVERY: Final = timedelta(minutes=1)  # a session that is used is written down that often
# Somebody has a password of her own, or is known to the city's sign-on.
_CLAIMED: Final = and_(
    ACCOUNT.c.closed_at.is_(None),
    or_(
        and_(ACCOUNT.c.password.is_not(None), ACCOUNT.c.one_time_until.is_(None)),
        and_(ACCOUNT.c.subject.is_not(None), ACCOUNT.c.signed_in_at.is_not(None)),
    ),
)


class Account(NamedTuple):
    """What signing in looks at: the password as it is kept, and what stands in the way."""

    party: str
    name: str
    password: str | None
    one_time_until: datetime | None
    failures: int
    waits_until: datetime | None
    closed_at: datetime | None


def account_named(conn: Connection, name: str) -> Account | None:
    """Return the account of a name, held until the transaction ends; None where there is none."""
    return _account(conn, ACCOUNT.c.name == name)


def account_of(conn: Connection, party: str) -> Account:
    """Return the account of a person, held until the transaction ends.

    Raises
    ------
    MissingError
        When the person has none.
    """
    found = _account(conn, ACCOUNT.c.party == party)
    if found is None:
        raise MissingError(noun="account", noun_zh="账号", key=party)
    return found


def account_of_subject(conn: Connection, subject: str) -> Account | None:
    """Return the account that the city's sign-on means; None: none of ours."""
    return _account(conn, ACCOUNT.c.subject == subject)


def anybody_signs_in(conn: Connection) -> bool:
    """Tell whether somebody has claimed an account: from then on whoever acts signs in."""
    return bool(conn.execute(select(exists().where(_CLAIMED))).scalar_one())


def add_account(
    conn: Connection,
    party: str,
    *,
    name: str,
    password: str | None,
    one_time_until: datetime | None,
    subject: str | None = None,
) -> None:
    """Add the account of a person.

    Raises
    ------
    MissingError
        When there is no such person, or it has left.
    AccountTakenError
        When the person has one, or another has that name or subject.
    """
    if not is_person(conn, party):
        raise MissingError(noun="person", noun_zh="人员", key=party)
    row = {
        "party": party, "name": name, "password": password, "one_time_until": one_time_until,
        "subject": subject, "made_by": func.coalesce(func.acting_person(), ""),
    }  # fmt: skip
    asked = insert(ACCOUNT).values(**row).on_conflict_do_nothing().returning(ACCOUNT.c.party)
    if conn.execute(asked).scalar() is None:
        raise AccountTakenError(name=name, party=party)
    _tell(conn, party, "account_added")


def keep_password(
    conn: Connection, party: str, password: str, one_time_until: datetime | None = None
) -> None:
    """Keep another password of a person, and end all sessions that the former one began."""
    _set(conn, party, password=password, one_time_until=one_time_until, failures=0,
         waits_until=None)  # fmt: skip
    end_sessions(conn, party)
    _tell(conn, party, "password_changed" if one_time_until is None else "password_reset")


def count_failure(
    conn: Connection, account: Account, device: Device | None, waits_until: datetime | None
) -> None:
    """Count a password that was wrong; the next is not looked at before a moment.

    With a browser known to be hers it is counted there alone.
    """
    if device is None:
        _set(conn, account.party, failures=account.failures + 1, waits_until=waits_until)
    else:
        count_wrong(conn, device, waits_until)
    _tell(conn, account.party, "sign_in_failed")


def set_open(conn: Connection, party: str, *, is_open: bool) -> None:
    """Close an account, which ends its sessions, or open it again, which ends none."""
    account_of(conn, party)
    _set(conn, party, closed_at=None if is_open else _NOW, failures=0, waits_until=None)
    if not is_open:
        end_sessions(conn, party)
    _tell(conn, party, "account_opened" if is_open else "account_closed")


def begin_session(
    conn: Connection, party: str, digest: str, *, way: str, ends_at: datetime
) -> None:
    """Begin a session of a person, known by the digest of what the browser holds."""
    conn.execute(delete(SESSION).where(SESSION.c.ends_at < _NOW))
    row = {"digest": digest, "party": party, "way": way, "ends_at": ends_at}
    conn.execute(insert(SESSION).values(**row))
    _set(conn, party, failures=0, waits_until=None, signed_in_at=_NOW)
    _tell(conn, party, "signed_in", way=way)


def person_of_session(conn: Connection, digest: str, idle: timedelta) -> str | None:
    """Return who is signed in by a session; None where it ended, or was not used for so long.

    Nor does it stand for a person who has left the city.
    """
    live = (SESSION.c.ends_at > _NOW, SESSION.c.seen_at > _NOW - idle)
    asked = select(SESSION.c.party, SESSION.c.seen_at < _NOW - _SEEN_EVERY).where(
        SESSION.c.digest == digest, *live
    )
    row = conn.execute(asked).one_or_none()
    if row is None or not is_person(conn, row.party):
        return None
    party, is_old = row
    if is_old:
        conn.execute(update(SESSION).where(SESSION.c.digest == digest).values(seen_at=_NOW))
    return str(party)


def live_sessions(conn: Connection, digests: Sequence[str], idle: timedelta) -> set[str]:
    """Return which sessions are live: not ended, used within so long, of persons of the city."""
    live = (SESSION.c.ends_at > _NOW, SESSION.c.seen_at > _NOW - idle)
    stays = or_(PARTY.c.ended_on.is_(None), PARTY.c.ended_on > func.current_date())
    asked = select(SESSION.c.digest).join(PARTY, PARTY.c.code == SESSION.c.party)
    return {*conn.execute(asked.where(SESSION.c.digest.in_(digests), stays, *live)).scalars()}


def end_session(conn: Connection, digest: str) -> None:
    """End a session."""
    conn.execute(delete(SESSION).where(SESSION.c.digest == digest))


def end_sessions(conn: Connection, party: str) -> int:
    """End all sessions of a person, and know her browsers no more; return how many there were."""
    forget_devices(conn, party)
    return int(conn.execute(delete(SESSION).where(SESSION.c.party == party)).rowcount)


def read_accounts(conn: Connection, parties: Sequence[str] | None = None) -> pd.DataFrame:
    """Return accounts by name, of all or of some persons; never a password.

    Columns party, person (the name), name, subject, one_time_until, waits_until, signed_in_at,
    closed_at, sessions (how many live).
    """
    live = (
        select(func.count())
        .where(SESSION.c.party == ACCOUNT.c.party, SESSION.c.ends_at > _NOW)
        .scalar_subquery()
    )
    shown = ("name", "subject", "one_time_until", "waits_until", "signed_in_at", "closed_at")
    asked = (
        select(
            ACCOUNT.c.party,
            PARTY.c.name.label("person"),
            *(ACCOUNT.c[column] for column in shown),
            live.label("sessions"),
        )
        .join(PARTY, PARTY.c.code == ACCOUNT.c.party)
        .order_by(ACCOUNT.c.name)
    )
    chosen = asked if parties is None else asked.where(ACCOUNT.c.party.in_(parties))
    return rows_of(conn, chosen)


def administered(conn: Connection, party: str | None = None) -> list[str]:
    """Return the persons whose accounts the acting person opens and closes; or that one of them."""
    return list(conn.execute(question("administered"), {"party": party}).scalars())


def _account(conn: Connection, which: ColumnElement[bool]) -> Account | None:
    columns = (ACCOUNT.c[name] for name in Account._fields)
    row = conn.execute(select(*columns).where(which).with_for_update()).first()
    return None if row is None else Account(*row)


def _set(conn: Connection, party: str, **values: Any) -> None:  # noqa: ANN401 values of columns
    conn.execute(update(ACCOUNT).where(ACCOUNT.c.party == party).values(**values))


def _tell(conn: Connection, party: str, name: str, **detail: object) -> None:
    record(conn, "account", party, name, detail)
