"""The mark after an event: what a listener had when it was cut off, sent back as Last-Event-ID."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Seconds since 1970, then the snapshot as PostgreSQL writes it.
_FORM: Final = re.compile(r"(\d{1,12})/(\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19})*)?)")
_LONGEST: Final = 4000
_DAY_S: Final = 86_400  # older marks cannot be gone on from


@dataclass(frozen=True)
class Mark:
    """A snapshot of the database and when it was taken, in seconds since 1970."""

    at: int
    seen: str

    def __str__(self) -> str:
        """Return it as it goes over the wire."""
        return f"{self.at}/{self.seen}"

    def saw(self, transaction: int) -> bool:
        """Return whether what a transaction wrote is in the snapshot, as PostgreSQL has it.

        >>> [Mark(0, "7:9:8").saw(transaction) for transaction in (6, 7, 8, 9)]
        [True, True, False, False]
        """
        oldest, following, running = self.seen.split(":")
        return transaction < int(oldest) or (
            transaction < int(following) and str(transaction) not in running.split(",")
        )


def mark_of(told: str | None, now: float) -> Mark | None:
    """Return the mark that a listener tells; None where it is none, of tomorrow or too old.

    >>> str(mark_of("1764115200/7:9:8", 1764115260.0)), mark_of("41", 0.0)
    ('1764115200/7:9:8', None)
    """
    found = _FORM.fullmatch(told) if told and len(told) <= _LONGEST else None
    if found is None:
        return None
    at = int(found[1])
    return Mark(at, found[2]) if now - _DAY_S < at <= now + 60 else None
