"""What waits to be claimed, and what lies near: read while issues are entered."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from geo.issues.policy import DuplicateRules
from geo.store.answers import question, rows_of


def read_unclaimed(conn: Connection, limit: int) -> tuple[int, pd.DataFrame]:
    """Return how many open issues lie in no area or nowhere, and the latest of them.

    Columns `id`, `source`, `reference`, `service`, `text`, `address`, `reported_at`, `received_at`,
    `state`, `lon`, `lat` (missing without position).
    """
    found = rows_of(conn, question("unclaimed"), limit=limit)
    total = int(found["total"].iloc[0]) if len(found) else 0
    return total, found.drop(columns="total").astype({"lon": "float64", "lat": "float64"})


def read_queues(conn: Connection) -> pd.DataFrame:
    """Return how many wait in each queue: columns `queue`, `waiting`, `oldest_s` (seconds).

    Each of the two is missing where it is not asked of a queue.
    """
    return rows_of(conn, question("queues")).astype({"waiting": "float64", "oldest_s": "float64"})


def read_nearby(
    conn: Connection,
    lon: float,
    lat: float,
    rules: DuplicateRules,
    *,
    service: str | None = None,
    accuracy_m: float | None = None,
    beside: int = 0,
    limit: int = 50,
) -> pd.DataFrame:
    """Return open issues near a point (degrees, WGS 84) that the acting person may see.

    Of the service, those above and below it, and of none; the nearest first, with `metres` and
    `reporter`, a key that is not to be shown.
    """
    where = {"lon": lon, "lat": lat, "accuracy_m": accuracy_m or 0.0, "service": service}
    policy = {"metres": rules.metres, "most": rules.most, "days": int(rules.days)}
    return rows_of(conn, question("nearby_issues"), **where, **policy, beside=beside, limit=limit)
