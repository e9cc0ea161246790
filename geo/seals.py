"""Seals: hashes of what happened, each over the one before it, so that no change goes unseen.

A seal holds a batch of events. The leaf of an event is the SHA-256 of
`[id, noun, subject, name, detail, path, person, microseconds]` as PostgreSQL prints jsonb, in
UTF-8; the digest of a batch is that of its leaves, one after the other by number; the hash of a
seal is that of the lines which `hash_of` joins. See docs/decisions/0027-seals.md.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from geo.errors import BadSealsFileError

FIRST: Final = bytes(32)  # what the first seal follows
_VERSION: Final = "jingwei seal 1"
_COLUMNS: Final = ("number", "ids", "events", "sealed_at", "digest", "hash")

Fault: TypeAlias = Literal[
    "seal_gone",
    "seal_changed",
    "event_changed",
    "event_gone",
    "event_added",
    "event_put_off",
    "words_changed",
    "other_chain",
]


class Seal(NamedTuple):
    """One seal: which events by number (as PostgreSQL prints ranges), and their hashes."""

    number: int
    ids: str
    events: int
    sealed_at: datetime
    digest: bytes
    hash: bytes


class Breach(NamedTuple):
    """The first place where what is there is not what was sealed.

    Parameters
    ----------
    seal
        Its number; 0 where an event lies in none.
    events
        Numbers of events that were changed, are gone, or were put in; empty where the seal itself
        is at fault.
    """

    fault: Fault
    seal: int
    events: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How far what happened is as it was sealed.

    `first` to `last` are the seals that hold (0: none), `events` those in them; `waiting` events
    are in no seal yet.
    """

    first: int
    last: int
    events: int
    sealed_at: datetime | None
    waiting: int
    breach: Breach | None


def hash_of(seal: Seal, former: bytes) -> bytes:
    """Return the hash of a seal that follows another; its own is not looked at.

    >>> seal = Seal(1, "{[1,3)}", 2, datetime(2026, 11, 26, tzinfo=UTC), bytes(32), b"")
    >>> hash_of(seal, FIRST).hex()[:16]
    '1fd8a2d8b7df2c9c'
    """
    moment = seal.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    lines = (
        *(_VERSION, str(seal.number), seal.ids, str(seal.events), moment),
        *(seal.digest.hex(), former.hex()),
    )
    return hashlib.sha256("\n".join(lines).encode("ascii")).digest()


def broken(seal: Seal, former: Seal | None) -> Fault | None:
    """Return what is wrong with a seal as the next after another; None: it follows."""
    if seal.number != (former.number if former else 0) + 1:
        return "seal_gone"
    if hash_of(seal, former.hash if former else FIRST) != seal.hash:
        return "seal_changed"
    return None


def differing(kept: Mapping[int, bytes], now: Mapping[int, bytes]) -> tuple[Fault, list[int]]:
    """Return in which events a batch is not what it was: leaves by number, as sealed and now.

    >>> differing({1: b"a", 2: b"b"}, {1: b"a"}), differing({1: b"a"}, {1: b"x"})
    (('event_gone', [2]), ('event_changed', [1]))
    >>> differing({1: b"a"}, {1: b"a"})
    ('seal_changed', [])
    """
    if gone := sorted(kept.keys() - now.keys()):
        return "event_gone", gone
    changed = sorted(number for number in kept if kept[number] != now[number])
    return ("event_changed", changed) if changed else ("seal_changed", [])


def write_seals(seals: Iterable[Seal], path: Path) -> int:
    """Write seals to a CSV file that somebody else keeps; return how many."""
    rows = [
        (s.number, s.ids, s.events, s.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
         s.digest.hex(), s.hash.hex())
        for s in seals
    ]  # fmt: skip
    with path.open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([_COLUMNS, *rows])
    return len(rows)


def read_seals(path: Path) -> list[Seal]:
    """Return the seals of a file.

    Raises
    ------
    BadSealsFileError
        When it cannot be read, or holds no seals of ours.
    """
    try:
        with path.open(encoding="ascii", newline="") as file:
            found = [_seal(row) for row in csv.DictReader(file, strict=True)]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadSealsFileError(path=path, reason=str(error) or type(error).__name__) from error
    if not found:
        raise BadSealsFileError(path=path, reason="no seals")
    return found


def _seal(row: Mapping[str, str]) -> Seal:
    return Seal(
        int(row["number"]),
        row["ids"],
        int(row["events"]),
        datetime.fromisoformat(row["sealed_at"]),
        bytes.fromhex(row["digest"]),
        bytes.fromhex(row["hash"]),
    )
