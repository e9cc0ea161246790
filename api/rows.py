"""Frames as lists of rows, for answers in JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd


def rows_in_json(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as JSON takes it, one row each: times and days in ISO 8601, missing as null.

    >>> rows_in_json(pd.DataFrame({"day": [date(2026, 11, 26), None]}))
    [{'day': '2026-11-26'}, {'day': None}]
    """
    if frame.empty:
        return []
    days = [name for name in frame.columns if _holds_days(frame[name])]
    told = frame.assign(**{name: frame[name].map(_iso, na_action="ignore") for name in days})
    rows: list[dict[str, Any]] = json.loads(told.to_json(orient="records", date_format="iso"))
    return rows


def moment_in_json(at: datetime) -> str:
    """Return a moment as `rows_in_json` tells it: in UTC, to the millisecond.

    >>> moment_in_json(datetime(2026, 11, 26, 14, 2, 11, 318765, UTC))
    '2026-11-26T14:02:11.318Z'
    """
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _holds_days(values: pd.Series) -> bool:
    return values.dtype == object and any(isinstance(value, date) for value in values)


def _iso(day: date) -> str:
    return day.isoformat()
