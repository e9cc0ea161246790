"""Frames as lists of rows, for answers in JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd


def rows_in_json(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as JSON takes it, one row each: times and days in ISO 8601, missing as null.

    >>> rows_in_json(pd.DataFrame({"day": [date(2026, 11, 26), None]}))
    [{'day': '2026-11-26'}, {'day': None}]
    """
    days = [name for name in frame.columns if _holds_days(frame[name])]
    told = frame.assign(**{name: frame[name].map(_iso, na_action="ignore") for name in days})
    rows: list[dict[str, Any]] = json.loads(told.to_json(orient="records", date_format="iso"))
    return rows


def _holds_days(values: pd.Series) -> bool:
    return values.dtype == object and any(isinstance(value, date) for value in values)


def _iso(day: date) -> str:
    return day.isoformat()
