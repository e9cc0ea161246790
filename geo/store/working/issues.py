"""Issues: received, handed out, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, select

from geo.frames import ISSUES, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.incoming.intake import Receipt, receive
from geo.store.net.revisions import At, known_until
from geo.store.working.tasks import send, take, withdraw

__all__ = [
    "Receipt",
    "calls_of_reporter",
    "issues_beyond",
    "issues_replayed",
    "read_issues",
    "receive",
    "send",
    "take",
    "withdraw",
]

_BESIDE: Final = (
    *("id", "state", "outcome", "grid", "community", "subdistrict", "lane"),
    *("grid_revision", "admin_revision", "received_at", "task", "task_state", "task_area", "party"),
    *("task_due", "task_yellow"),
)


def read_issues(
    conn: Connection,
    *,
    scope: str | None = None,
    state: str | None = None,
    source: str | None = None,
    service: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    only: Sequence[int] | None = None,
    limit: int | None = None,
    at: At | None = None,
) -> gpd.GeoDataFrame:
    """Return issues by the contract ISSUES, latest first, with where they lay and who holds them.

    Beside the contract: `id`, `state`, `outcome`; `grid`, `community`, `subdistrict`, `lane`,
    `grid_revision`, `admin_revision` as at intake; `task`, `task_state`, `task_area`, `party`,
    `task_due` and `task_yellow` (when one is warned) of the lead task as of now.

    Parameters
    ----------
    scope
        Code of an area, of the admin or grid net, that they lay in at intake; `""`: unclaimed.
    service
        Its code, or that of one above it.
    since, until
        When they were reported, or else received: from, and before.
    only
        Numbers of issues.
    at
        Those received by then: the end of a date, or while a revision of the grid net was in force.
        Their state and task are of now.

    Raises
    ------
    MissingError
        When there is no such revision.
    """
    where = {"scope": scope, "state": state, "source": source, "service": service}
    when = {"since": since, "until": until, "known_until": known_until(conn, at)}
    chosen = {"only": None if only is None else list(only), "limit": limit}
    asked = rows_of(conn, question("issues"), **where, **when, **chosen)
    found = shapes_of(asked, "geometry")
    frame: gpd.GeoDataFrame = conform(found, ISSUES).assign(**{n: found[n] for n in _BESIDE})
    return frame


def calls_of_reporter(conn: Connection, issue: int, days: float) -> int:
    """Return how many issues its reporter has reported within days, this one counted; 0: unknown.

    Over the whole city, whoever asks: who may see one issue learns how many there were, not which.
    """
    counted = func.calls_of_reporter(issue, int(days))
    return int(conn.execute(select(counted)).scalar_one())


def issues_beyond(
    conn: Connection, *, scope: str | None, limit: int, at: At | None = None
) -> pd.DataFrame:
    """Return the issues that `read_issues` leaves out with a limit, counted in cells.

    Returns
    -------
    DataFrame
        `n`; `lon`, `lat` (EPSG:4326, the middle of them, missing without position); `days` (7 or
        30: reported within so many of the latest one, 0: before); `is_open`. One row a cell.
    """
    until = known_until(conn, at)
    return rows_of(conn, question("issues_beyond"), scope=scope, limit=limit, known_until=until)


def issues_replayed(
    conn: Connection, *, scope: str, since: date, until: date, now: datetime
) -> pd.DataFrame:
    """Return the issues of a period in an area, as `geo.replay.replay` takes them.

    Parameters
    ----------
    scope
        Code of an area that they lay in at intake or, without a position, were sent to.
    since, until
        Days in the city on which they were reported, both included.
    now
        What is due before then is overdue.
    """
    when = {"since": since, "until": until, "now": now}
    found = rows_of(conn, question("issues_replayed"), scope=scope, **when)
    return found.astype(
        {"lon": "float64", "lat": "float64", "is_open": "bool", "is_overdue": "bool"}
    )
