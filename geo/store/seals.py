"""Seals of what happened: made in batches, checked against the events, read by auditors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Text, cast, func, insert, select, text

from geo.seals import FIRST, Breach, Fault, Seal, Verdict, broken, differing, hash_of
from geo.store.answers import question, rows_of
from geo.store.schema.support_tables import SEAL
from geo.store.schema.tables import EVENT

_LOCK: Final = 6_437_002  # one at a time seals: any fixed number serves
_MOST: Final = 10_000  # events of a seal; a transaction is in one seal as a whole
_AT_ONCE: Final = 500  # seals checked by a question
_TOLD: Final = 20  # events named of a breach
_IDS: Final = cast(SEAL.c.ids, Text).label("ids")
_ASIDE: Final[tuple[tuple[Fault, str], ...]] = (
    ("event_added", "seals_left_out"),
    ("event_put_off", "seals_put_off"),
    ("words_changed", "said_otherwise"),
)
_OF_SEAL: Final = [_IDS if name == "ids" else SEAL.c[name] for name in Seal._fields]


class Asked(NamedTuple):
    """Which events an auditor asks for; None: all. `before` is excluded, so is `below`."""

    nouns: Sequence[str] | None = None
    names: Sequence[str] | None = None
    persons: Sequence[str] | None = None
    things: Sequence[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    below: int | None = None
    most: int = 200


def seal(conn: Connection, *, most: int = _MOST) -> Seal | None:
    """Return the next seal, kept; None where nothing waits, or all of it is still under way.

    By the owner's role. Several may try at once: each waits for the one before.
    """
    conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    columns = (SEAL.c.number, SEAL.c.hash, SEAL.c.until)
    last = conn.execute(select(*columns).order_by(SEAL.c.number.desc()).limit(1)).one_or_none()
    number, former, since = last or (0, FIRST, 0)
    row = conn.execute(question("seal_next"), {"since": since, "most": most}).mappings().one()
    if not row["events"]:
        return None
    made = Seal(number + 1, row["ids"], row["events"], row["now"], row["digest"], b"")
    made = made._replace(hash=hash_of(made, former))
    kept = {"leaves": row["leaves"], "until": row["until"]}
    conn.execute(insert(SEAL).values(**made._asdict(), **kept))
    return made


def read_seals(conn: Connection, *, after: int = 0) -> Iterator[Seal]:
    """Yield the seals after a number, the oldest first."""
    asked = select(*_OF_SEAL).where(SEAL.c.number > after).order_by(SEAL.c.number)
    for row in conn.execute(asked):
        yield Seal(*row)


def newest_seals(conn: Connection, most: int) -> list[Seal]:
    """Return the newest seals, the newest first."""
    asked = select(*_OF_SEAL).order_by(SEAL.c.number.desc()).limit(most)
    return [Seal(*row) for row in conn.execute(asked)]


def verify(conn: Connection, held: Sequence[Seal] = ()) -> Verdict:
    """Return how far what happened is as it was sealed, and where it first is not.

    By the owner's role.

    Parameters
    ----------
    held
        Seals that somebody else kept: those of here must be the same.
    """
    former: Seal | None = None
    events, breach = 0, None
    others = {seal.number: seal for seal in held}
    for row in _checked(conn):
        made = Seal(*(row[name] for name in Seal._fields))
        breach = _breach(conn, made, former, row)
        if breach is None and others.pop(made.number, made) != made:
            breach = Breach("other_chain", made.number)
        if breach is not None:
            break
        former, events = made, events + made.events
    if breach is None:
        breach = _beyond(conn, list(others))
    return Verdict(
        first=1 if former else 0,
        last=former.number if former else 0,
        events=events,
        sealed_at=former.sealed_at if former else None,
        waiting=_waiting(conn),
        breach=breach,
    )


def audited(conn: Connection, asked: Asked) -> pd.DataFrame:
    """Return events for the acting auditor, the newest first.

    Columns id, noun, subject, name, detail, person, at, seal (None: not sealed yet); of issues and
    tasks the detail tells states, never what somebody typed. Nobody else gets any.
    """
    lists = {name: None if (value := getattr(asked, name)) is None else list(value)
             for name in ("nouns", "names", "persons", "things")}  # fmt: skip
    found = rows_of(conn, question("audited"), **(asked._asdict() | lists))
    return found.astype({"seal": "Int64"})


def _checked(conn: Connection) -> Iterator[Any]:
    after = 0
    while True:
        told = {"after": after, "most": _AT_ONCE}
        rows = conn.execute(question("seals_checked"), told).mappings().all()
        yield from rows
        if not rows:
            return
        after = rows[-1]["number"]


def _breach(conn: Connection, made: Seal, former: Seal | None, row: Any) -> Breach | None:  # noqa: ANN401 a row
    if row["found"] != made.events or row["told"] != made.digest:
        compared = conn.execute(question("seal_compared"), {"number": made.number}).all()
        kept = {r.id: bytes(r.kept) for r in compared}
        now = {r.id: bytes(r.now) for r in compared if r.now is not None}
        fault, which = differing(kept, now)
        return Breach(fault, made.number, tuple(which[:_TOLD]))
    fault_of_chain = broken(made, former)
    return fault_of_chain and Breach(fault_of_chain, made.number)


def _beyond(conn: Connection, left: Sequence[int]) -> Breach | None:
    """Return what no seal of here says: seals of others, events in none or put off, other words."""
    if left:
        return Breach("seal_gone", min(left))
    told = {"until": _until(conn), "most": _TOLD}
    for fault, asked in _ASIDE:
        if found := conn.execute(question(asked), told).scalars().all():
            return Breach(fault, 0, tuple(found))
    return None


def _until(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.max(SEAL.c.until), 0))).scalar_one())


def _waiting(conn: Connection) -> int:
    asked = select(func.count()).where(EVENT.c.xact >= _until(conn))
    return int(conn.execute(asked).scalar_one())
