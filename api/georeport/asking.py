"""What is asked of Open311: resources with an ending, lists with commas, times of the W3C."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.datastructures import ImmutableMultiDict

from geo.errors import BadFieldError, MissingError
from geo.reference import sources
from geo.store.database import CITY_TIME
from geo.store.public import Wanted

SPAN: Final = timedelta(days=90)  # the most of one question, and what is answered without a start
MOST: Final = 1000  # requests in one answer
ZONE: Final = ZoneInfo(CITY_TIME)
_STATUSES: Final = {"open": True, "closed": False}
_ENDINGS: Final = ("xml", "json")
_YEARS: Final = range(1900, 2200)  # further off, a span of days may not exist
_PLUS: Final = re.compile(r" (?=\d{2}:?\d{2}$)")  # a plus sign that was not encoded
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)
_ID: Final = re.compile(r"\d{1,18}", re.ASCII)
_BEYOND: Final = 10**9  # no list is longer


def resource(name: str) -> str:
    """Return the name of a resource without the ending that says its form.

    Without an ending it is the whole name.

    Raises
    ------
    MissingError
        When the ending is another, or nothing stands before it.

    >>> resource("services.json"), resource("01.02.xml"), resource("F0101")
    ('services', '01.02', 'F0101')
    """
    stem, dot, ending = name.rpartition(".")
    if dot and stem and ending in _ENDINGS:
        return stem
    if dot or not name:
        raise MissingError(noun="resource", noun_zh="资源", key=f"{name[:80]} (.xml, .json)")
    return name


def wanted(asked: ImmutableMultiDict[str, str], now: datetime) -> Wanted:
    """Return which requests are asked for; a list of numbers overrides everything else.

    Raises
    ------
    BadFieldError
        Which argument cannot be used, and why.
    """
    public = [code for code, source in sources().items() if source.public]
    numbers = listed(asked, "service_request_id")
    if len(numbers) > MOST:
        raise _bad("service_request_id", f"一次最多 {MOST} 个", f"{MOST} at most at once")
    if numbers:
        return Wanted(public, ids=[int(n) for n in numbers if _ID.fullmatch(n)])
    since, until = _span(asked, now)
    size = _whole(asked, "page_size", MOST, MOST)
    start = (_whole(asked, "page", 1, _BEYOND) - 1) * size
    return Wanted(
        public,
        services=listed(asked, "service_code") or None,
        since=since,
        until=until,
        is_open=_status(listed(asked, "status")),
        limit=size,
        start=start,
    )


def listed(asked: ImmutableMultiDict[str, str], name: str) -> list[str]:
    """Return the values of an argument: with commas, declared several times, or both."""
    return [
        part.strip() for text in asked.getlist(name) for part in text.split(",") if part.strip()
    ]


def _status(told: list[str]) -> bool | None:
    for word in told:
        if word not in _STATUSES:
            raise _bad("status", "应为 open 或 closed", "it should be open or closed")
    opened = {_STATUSES[word] for word in told}
    return opened.pop() if len(opened) == 1 else None


def _span(
    asked: ImmutableMultiDict[str, str], now: datetime
) -> tuple[datetime | None, datetime | None]:
    since, until = moment(asked, "start_date"), moment(asked, "end_date")
    if since is not None and until is not None:
        if since > until:
            raise _bad("start_date", "晚于 end_date", "it is after end_date")
        if until - since > SPAN:
            raise _bad("end_date", "跨度超过 90 天", "the span is over 90 days")
    elif since is not None:
        until = since + SPAN
    else:
        since = (until or now) - SPAN
    return since, until


def moment(asked: ImmutableMultiDict[str, str], name: str) -> datetime | None:
    """Return an argument as a moment; without a zone it is the city's time. Blank: None.

    Raises
    ------
    BadFieldError
        When it is none.
    """
    text = asked.get(name, "").strip()
    if not text:
        return None
    try:
        read = datetime.fromisoformat(_PLUS.sub("+", text))
    except ValueError:
        read = None
    if read is None or read.year not in _YEARS:
        example = "2026-01-01T00:00:00+08:00"
        raise _bad(name, f"应为 ISO 8601 时间，如 {example}", f"a time such as {example} is needed")
    return read if read.tzinfo is not None else read.replace(tzinfo=ZONE)


def _whole(asked: ImmutableMultiDict[str, str], name: str, default: int, most: int) -> int:
    text = asked.get(name, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= most:
        raise _bad(name, f"应为 1 至 {most}", f"it should be from 1 to {most}")
    return int(text)


def _bad(field: str, zh: str, en: str) -> BadFieldError:
    return BadFieldError(field=field, reason_zh=zh, reason=en)
