"""What is past its time is erased while a worker runs; photos go after the rows that named them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from geo.retention import Periods, periods
from geo.store.database import Engine, transaction
from geo.store.persons import Forgotten, forget_past, forget_person
from geo.store.shown.heat import fold
from geo.store.working.blobs import drop

EVERY_S: Final = 3600.0
_AT_ONCE: Final = 500  # issues of a transaction: nobody waits long for it


def forget_waiting(engine: Engine, photos: Path, kept: Periods | None = None) -> int:
    """Return how many issues were forgotten because their time is over."""
    count = 0
    while True:
        with transaction(engine, "retention") as conn:
            done = forget_past(conn, kept or periods(), _AT_ONCE)
            fold(conn, waits=True)
        _drop(photos, done.photos)
        count += done.issues
        if done.issues < _AT_ONCE:
            return count


def forget(
    engine: Engine, photos: Path, reporter: str, *, reason: str, who: str, commit: bool
) -> Forgotten:
    """Return what was, or would be, erased of a person who asks for it."""
    with transaction(engine, who, commit=commit) as conn:
        done = forget_person(conn, reporter, reason)
        fold(conn, waits=True)  # what waits to be added up to heat names reporters
    if commit:
        _drop(photos, done.photos)
    return done


def _drop(folder: Path, photos: Sequence[str]) -> None:
    for name in photos:
        drop(folder, name)
