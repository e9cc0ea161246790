"""Browsers that somebody signed in with before: their wrong passwords are counted apart.

By the owner's role alone, as accounts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from geo.store.schema.support_tables import DEVICE

_NOW: Final = func.now()


class Device(NamedTuple):
    """What is known of a browser: how often a password was wrong there, and how long it waits."""

    digest: str
    failures: int
    waits_until: datetime | None


def device_of(conn: Connection, party: str, digest: str) -> Device | None:
    """Return the browser if the person signed in with it before, held as an account is."""
    asked = select(DEVICE.c.digest, DEVICE.c.failures, DEVICE.c.waits_until).where(
        DEVICE.c.digest == digest, DEVICE.c.party == party, DEVICE.c.ends_at > _NOW
    )
    row = conn.execute(asked.with_for_update()).first()
    return None if row is None else Device(*row)


def keep_device(conn: Connection, party: str, digest: str, *, ends_at: datetime) -> None:
    """Know a browser until a moment: the person has signed in with it."""
    conn.execute(delete(DEVICE).where(DEVICE.c.ends_at < _NOW))
    conn.execute(insert(DEVICE).values(digest=digest, party=party, ends_at=ends_at))


def count_wrong(conn: Connection, device: Device, waits_until: datetime | None) -> None:
    """Count a password that was wrong in a browser; the next is not looked at before a moment."""
    _set(conn, device.digest, device.failures + 1, waits_until)


def settle_device(conn: Connection, digest: str) -> None:
    """Forget what was wrong in a browser: the right one came."""
    _set(conn, digest, 0, None)


def forget_devices(conn: Connection, party: str) -> None:
    """Know no browser of a person any more."""
    conn.execute(delete(DEVICE).where(DEVICE.c.party == party))


def _set(conn: Connection, digest: str, failures: int, waits_until: datetime | None) -> None:
    values = {"failures": failures, "waits_until": waits_until}
    conn.execute(update(DEVICE).where(DEVICE.c.digest == digest).values(**values))
