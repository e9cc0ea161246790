"""How often something was asked for within a minute, in all processes of one database."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from geo.store.answers import question


class Counted(NamedTuple):
    """How many there were in the minute that runs, and the seconds until the next begins."""

    times: int
    seconds: int


def counted(conn: Connection, kind: str, whose: str) -> Counted:
    """Return the count with one more, by the clock of the database. By the owner's role.

    Neither the kind nor whose it is can be read from what is kept, which is gone two minutes later.
    """
    key = sha256(f"{kind}\n{whose}".encode("utf-8", "surrogatepass")).hexdigest()
    row = conn.execute(question("count_pace"), {"key": key}).one()
    return Counted(int(row.times), int(row.seconds))
