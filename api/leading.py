"""What a leader's phone shows, told as JSON: what waits for a word, ledgers, rates ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.periods import midnight
from api.rows import rows_in_json
from geo.forecast import FORECAST, forecast
from geo.kpi import MARKS
from geo.store.actors import acting
from geo.store.database import CITY_TIME, Connection
from geo.store.net.areas import ancestry
from geo.store.net.naming import area_names
from geo.store.working.fallback import appeals_ledger, fallback_ledger, held_ledger
from geo.store.working.leading import read_waiting
from geo.store.working.rates import count_undecided, read_rates

_ZONE: Final = ZoneInfo(CITY_TIME)
_MONTHS: Final = 3  # before this one, that what is open is taken to fare like


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
    """Return the rates of this month as they stand, and as they may end.

    What is open is taken to fare as the issues of the three months before did.
    """
    today = now.astimezone(_ZONE).date()
    first = midnight(today.replace(day=1))
    year, month = divmod(today.year * 12 + today.month - 1 - _MONTHS, 12)
    before = midnight(today.replace(year=year, month=month + 1, day=1))
    assert first is not None  # noqa: S101 a day has a midnight
    assert before is not None  # noqa: S101 the same
    counts = read_rates(conn, scope=scope, since=first, until=now).iloc[0]
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
        "rates": [rate._asdict() for rate in rates],
    }
