"""What a source hands in, refused with a sentence where it cannot be stored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geo.errors import BadIssueError

_LON_LIMIT: Final = 180.0
_LAT_LIMIT: Final = 90.0
_TEXT_LIMIT: Final = 20_000  # characters; a hotline's longest records hold some 4,000


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a source hands in; texts are kept byte for byte.

    Parameters
    ----------
    source, reference
        One of SOURCES, and the source's own number: together they name the issue.
    lon, lat
        Degrees, EPSG:4326; both None when no position was given.
    accuracy_m
        Metres; None when unknown.
    """

    source: str
    reference: str
    service: str | None = None
    text: str = ""
    address: str = ""
    reported_at: datetime | None = None
    due_at: datetime | None = None
    accuracy_m: float | None = None
    lon: float | None = None
    lat: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be stored, with a sentence.

        Raises
        ------
        BadIssueError
            Which field, and what is wrong with it.
        """
        for name in ("source", "reference", "service", "text", "address"):
            _demand(_storable(getattr(self, name)), name, "NUL, surrogate or too long")
        _demand(bool(self.source), "source", "empty")
        _demand(bool(self.reference), "reference", "empty")
        _demand((self.lon is None) == (self.lat is None), "lon, lat", "one without the other")
        _demand(_within(self.lon, _LON_LIMIT), "lon", "not between -180 and 180")
        _demand(_within(self.lat, _LAT_LIMIT), "lat", "not between -90 and 90")
        _demand(_finite(self.accuracy_m), "accuracy_m", "not a finite number from 0")
        for name in ("reported_at", "due_at"):
            moment = getattr(self, name)
            _demand(moment is None or moment.tzinfo is not None, name, "without a time zone")


def _demand(fine: bool, field: str, reason: str) -> None:  # noqa: FBT001 reads as the sentence it is
    if not fine:
        raise BadIssueError(field=field, reason=reason)


def _storable(text: str | None) -> bool:
    if text is None:
        return True
    surrogate = any("\ud800" <= letter <= "\udfff" for letter in text)
    return len(text) <= _TEXT_LIMIT and "\0" not in text and not surrogate


def _within(degrees: float | None, limit: float) -> bool:
    return degrees is None or (not isinstance(degrees, bool) and -limit <= degrees <= limit)


def _finite(metres: float | None) -> bool:
    return metres is None or (math.isfinite(metres) and metres >= 0)
