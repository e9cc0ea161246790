"""Issues: received, handed out, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, select, text

from geo.frames import ISSUES, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.incoming.intake import Receipt, receive
from geo.store.net.revisions import At, known_until
from geo.store.working.newest import latest
from geo.store.working.tasks import send, take, withdraw

__all__ = [
    "Beyond",
    "Receipt",
    "Told",
    "calls_of_reporter",
    "issues_beyond",
    "issues_replayed",
    "issues_told",
    "read_issues",
    "receive",
    "reported_by",
    "send",
    "take",
    "withdraw",
]

_BESIDE: Final = (
    *("id", "state", "outcome", "grid", "community", "subdistrict", "lane"),
    *("grid_revision", "admin_revision", "received_at", "task", "task_state", "task_area", "party"),
    *("task_due", "task_yellow"),
)
_TOLD: Final = text(question("issues_told").text.replace("{issues}", question("issues").text))


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

    def asked(among: Sequence[int] | None) -> pd.DataFrame:
        chosen = {"only": None if among is None else list(among), "limit": limit}
        return rows_of(conn, question("issues"), **where, **when, **chosen)

    sought = scope is not None and only is None
    found = shapes_of(latest(conn, asked, limit) if sought else asked(only), "geometry")
    frame: gpd.GeoDataFrame = conform(found, ISSUES).assign(**{n: found[n] for n in _BESIDE})
    return frame


def calls_of_reporter(conn: Connection, issue: int, days: float) -> int:
    """Return how many issues its reporter has reported within days, this one counted; 0: unknown.

    Over the whole city, whoever asks: who may see one issue learns how many there were, not which.
    """
    counted = func.calls_of_reporter(issue, int(days))
    return int(conn.execute(select(counted)).scalar_one())


class Told(NamedTuple):
    """An issue as a page reads it: the columns of issues_told.sql.

    `told` (names, moments) and `shape` (the point, or None) are JSON; `lon`, `lat` in EPSG:4326;
    `grid` and `lane` are codes; `yellow_at` is when the holder of its task is warned.
    """

    id: int
    told: str
    shape: str | None
    lon: float | None
    lat: float | None
    state: str
    grid: str | None
    lane: str | None
    due_at: datetime | None
    yellow_at: datetime | None


class Beyond(NamedTuple):
    """Issues that a limited answer leaves out.

    `n` of them; `cells` as JSON [[lon, lat (EPSG:4326, the middle of those in it), n, days (7 or
    30: reported within so many of the latest one, 0: before), whether open], …].
    """

    n: int = 0
    cells: str = "[]"


def issues_beyond(
    conn: Connection, *, scope: str | None, limit: int, at: At | None = None
) -> Beyond:
    """Return the issues that `read_issues` leaves out with a limit, counted in cells."""
    values = {"scope": scope, "limit": limit, "known_until": known_until(conn, at)}
    return Beyond(*conn.execute(question("issues_beyond"), values).one())


def issues_told(
    conn: Connection,
    *,
    scope: str | None = None,
    only: Sequence[int] | None = None,
    limit: int | None = None,
    at: At | None = None,
) -> list[Told]:
    """Return issues as a page reads them, the latest first.

    Scope, `only`, limit and moment, and what is raised, are those of `read_issues`. The database
    writes the words: in Python a page that asked for one issue took as long as for hundreds.
    """
    where = dict.fromkeys(("state", "source", "service", "since", "until"))
    values = {**where, "limit": limit, "scope": scope, "known_until": known_until(conn, at)}

    def asked(among: Sequence[int] | None) -> list[Told]:
        chosen = {"only": None if among is None else list(among)}
        return list(map(Told._make, conn.execute(_TOLD, values | chosen)))

    sought = scope is not None and only is None
    return latest(conn, asked, limit) if sought else asked(only)


def reported_by(conn: Connection, issues: Sequence[int]) -> dict[int, int]:
    """Return how many different people reported each issue, those merged into it as well.

    Only where there are several, of what the acting person sees; who is not known counts for one.
    """
    found = conn.execute(question("reported_by"), {"numbers": list(issues)})
    return {row.id: int(row.reporters) for row in found}


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
