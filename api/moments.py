"""The moment a read is asked for: now, a revision, a date, or as if a draft were in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Final, TypedDict

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticKnownError

from geo.errors import BadMomentError
from geo.store.net.revisions import At

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT: Final = re.compile(r"\s*[-+]?[0-9_.]+\s*")
_AT_ZH: Final = "请用版本号（如 3）或日期（如 2026-11-26）"
_AT_EN: Final = "name a revision (such as 3) or a date (such as 2026-11-26)"


def _written(value: object) -> object:
    """Refuse a number, or text that is nothing else: it would count from 1970, in some unit."""
    if isinstance(value, str) and not _COUNT.fullmatch(value):
        return value
    raise PydanticKnownError("datetime_type")


# A moment as people and programs write one down: RFC 3339, with its offset. Not of the first nor
# of the last year there is: an offset, or a period before it, would lead out of the calendar.
_FIRST: Final = datetime(2, 1, 1, tzinfo=UTC)
_BEYOND: Final = datetime(9999, 1, 1, tzinfo=UTC)
Instant = Annotated[AwareDatetime, Field(ge=_FIRST, lt=_BEYOND), BeforeValidator(_written)]


class Which(TypedDict):
    """The two arguments of a read of the store."""

    at: At | None
    plan: int | None


@dataclass(frozen=True)
class Moment:
    """What a read is asked for; `at` and `plan` are never both set."""

    at: At | None = None
    plan: int | None = None

    @property
    def is_now(self) -> bool:
        """Whether neither was named."""
        return self.at is None and self.plan is None

    @property
    def which(self) -> Which:
        """The two, as the store's reads take them."""
        return {"at": self.at, "plan": self.plan}


def moment(at: str | None, plan: str | None) -> Moment:
    """Return the moment a request asks for.

    Raises
    ------
    BadMomentError
        When one of the two cannot be read, or both are given.

    >>> moment("3", None), moment("2026-11-26", None).at
    (Moment(at=3, plan=None), datetime.date(2026, 11, 26))
    """
    if at is not None and plan is not None:
        found = f"at={at}, plan={plan}"
        only_zh, only = "at 和 plan 只能给一个", "give one of at and plan"
        raise BadMomentError(name="at, plan", found=found, expected_zh=only_zh, expected=only)
    return Moment(None if at is None else parsed_at(at), None if plan is None else _number(plan))


def parsed_at(text: str) -> At:
    """Return the revision or date that a text names.

    Raises
    ------
    BadMomentError
        When it names neither.
    """
    if _NUMBER.fullmatch(text):
        return int(text)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:  # no such day, such as 2026-02-30
        pass
    raise BadMomentError(name="at", found=text, expected_zh=_AT_ZH, expected=_AT_EN)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        wanted_zh, wanted = "请用方案编号（如 3）", "name the number of a plan (such as 3)"
        raise BadMomentError(name="plan", found=text, expected_zh=wanted_zh, expected=wanted)
    return int(text)
