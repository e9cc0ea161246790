"""What is past its time is erased while a worker runs; photos go after the rows that named them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Final

from api.outgoing.filed import handed_over, take_back
from geo.retention import Periods, periods
from geo.store.database import Engine, transaction
from geo.store.persons import Forgotten, erased_tasks, forget_past, forget_person
from geo.store.shown.heat import fold
from geo.store.working.blobs import leaving, settle
from geo.store.working.photos import named_by_rows

EVERY_S: Final = 3600.0
_AT_ONCE: Final = 500  # issues of a transaction: nobody waits long for it


def forget_waiting(
    engine: Engine, photos: Path, kept: Periods | None = None, *, home: Path | None = None
) -> int:
    """Return how many issues were forgotten because their time is over.

    `home` is the data folder; None: nothing was handed over as files.
    """
    with transaction(engine, "retention") as conn:
        settle(photos, partial(named_by_rows, conn))
        left = erased_tasks(conn, handed_over(home)) if home is not None else ()
    _take_back(left, home)
    count = 0
    while True:
        with leaving(photos) as put_aside, transaction(engine, "retention") as conn:
            done = forget_past(conn, kept or periods(), _AT_ONCE)
            put_aside(done.photos)
            fold(conn, waits=True)
        _take_back(done.tasks, home)
        count += done.issues
        if done.issues < _AT_ONCE:
            return count


def forget(
    engine: Engine,
    photos: Path,
    reporter: str,
    *,
    reason: str,
    who: str,
    commit: bool,
    home: Path | None = None,
) -> Forgotten:
    """Return what was, or would be, erased of a person who asks for it; `home` as above."""
    with leaving(photos) as put_aside, transaction(engine, who, commit=commit) as conn:
        done = forget_person(conn, reporter, reason)
        put_aside(done.photos if commit else ())
        fold(conn, waits=True)  # what waits to be added up to heat names reporters
    if commit:
        _take_back(done.tasks, home)
    return done


def _take_back(tasks: Collection[int], home: Path | None) -> None:
    if home is not None:
        take_back(home, tasks)
