"""What a leader's phone shows, told as JSON: what waits for a word, ledgers, rates ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd

from api.periods import midnight
from api.rows import rows_in_json
from geo.forecast import FORECAST, forecast
from geo.kpi import MARKS, running, whole_of
from geo.store.actors import acting
from geo.store.database import CITY_TIME, Connection
from geo.store.net.areas import ancestry
from geo.store.net.naming import area_names
from geo.store.working.fallback import appeals_ledger, fallback_ledger, held_ledger
from geo.store.working.leading import read_waiting
from geo.store.working.rates import By, count_undecided, read_rates

_ZONE: Final = ZoneInfo(CITY_TIME)
_MONTHS: Final = 3  # before this one, that what is open is taken to fare like
_PARTS: Final[tuple[By, ...]] = ("district", "subdistrict", "community", "grid")  # from the top


def leader_told(conn: Connection, scope: str, *, limit: int) -> dict[str, Any]:
    """Return what waits for the leader of an area, and how much lies in its ledgers."""
    rows = read_waiting(conn, scope, limit=limit)
    roles = acting(conn, list(ancestry(conn, scope))).roles
    ledgers = {"fallback": fallback_ledger, "held": held_ledger, "appeals": appeals_ledger}
    return {
        "asked_at": datetime.now(UTC).isoformat(),
        "scope": scope,
        "signs": "approver" in roles,
        "rules": "district" in roles,
        "scope_name": area_names(conn, "admin", [scope]).get(scope, scope),
        "waiting": rows_in_json(rows),
        "ledgers": {name: len(read(conn, scope=scope)) for name, read in ledgers.items()},
    }


def ahead_told(conn: Connection, scope: str, now: datetime) -> dict[str, Any]:
    """Return the rates of this month as they stand, as they came to, and as they may end.

    What is open is taken to fare as the issues of the three months before did. The `trend` of a
    rate: of what came until each of the `days`, as it stands now; its last is the rate of now.
    """
    today = now.astimezone(_ZONE).date()
    days = [today.replace(day=n) for n in range(1, today.day + 1)]
    first = midnight(days[0])
    year, month = divmod(today.year * 12 + today.month - 1 - _MONTHS, 12)
    before = midnight(today.replace(year=year, month=month + 1, day=1))
    assert first is not None  # noqa: S101 a day has a midnight
    assert before is not None  # noqa: S101 the same
    daily = read_rates(conn, scope=scope, since=first, until=now, by="day")
    counts, course = whole_of(daily).iloc[0], running(daily, [str(day) for day in days])
    past = read_rates(conn, scope=scope, since=before, until=first).iloc[0]
    rates = forecast(
        {mark: int(counts[mark]) for mark in MARKS},
        count_undecided(conn, scope=scope, since=first, until=now),
        {name: None if past[name] != past[name] else float(past[name]) for name in FORECAST},
    )
    return {
        "since": first.isoformat(),
        "asked_at": now.isoformat(),
        "issues": int(counts["issues"]),
        "struck": int(counts["struck"]),
        "past_since": before.isoformat(),
        "days": [str(day) for day in days],
        "until": str(_last_of_month(today)),
        "rates": [rate._asdict() | {"trend": _known(course[rate.name])} for rate in rates],
    }


def parts_told(conn: Connection, scope: str, now: datetime) -> dict[str, Any]:
    """Return the rates of this month for each area right below another, by code."""
    depth = len(list(ancestry(conn, scope)))
    by = _PARTS[min(depth, len(_PARTS)) - 1]
    first = midnight(now.astimezone(_ZONE).date().replace(day=1))
    assert first is not None  # noqa: S101 a day has a midnight
    rows = read_rates(conn, scope=scope, since=first, until=now, by=by)
    names = area_names(conn, "grid" if by == "grid" else "admin", rows[by])
    told = rows.rename(columns={by: "code"})
    return {"by": by, "rows": rows_in_json(told.assign(name=told["code"].map(names)))}


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _known(shares: pd.Series) -> list[float | None]:
    return [None if pd.isna(share) else float(share) for share in shares]
