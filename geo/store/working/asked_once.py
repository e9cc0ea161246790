"""What is asked for twice is done once: a key that whoever asks chooses, kept with what it did."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from geo.errors import KeyReusedError
from geo.store.schema.support_tables import ASKED_ONCE


def is_first(conn: Connection, key: str | None, asked: bytes) -> bool:
    """Tell whether the acting person asks for something for the first time under a key.

    It is kept in the transaction that does it: what failed may be asked again, and of two that ask
    at once the second waits for what becomes of the first.

    Parameters
    ----------
    key
        None: each time is the first.
    asked
        What is asked for: the same key stands for the same.

    Raises
    ------
    KeyReusedError
        When the key stood for something else.
    """
    if key is None:
        return True
    digest = sha256(asked).hexdigest()
    person = func.coalesce(func.acting_person(), "")
    row = {"person": person, "key": key, "digest": digest}
    made = insert(ASKED_ONCE).values(**row).on_conflict_do_nothing()
    if conn.execute(made.returning(ASKED_ONCE.c.key)).scalar() is not None:
        return True
    known = select(ASKED_ONCE.c.digest).where(
        ASKED_ONCE.c.key == key, ASKED_ONCE.c.person == person
    )
    if conn.execute(known).scalar() != digest:
        raise KeyReusedError(key=key)
    return False
