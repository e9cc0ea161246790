"""Issues in the words of the page: codes turned into names, and who answers for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import geopandas as gpd
import pandas as pd

from api.moments import Moment
from geo.duties import holders
from geo.store.database import Connection
from geo.store.net.lookup import owners_of
from geo.store.net.naming import area_names, party_names, service_names
from geo.store.net.people import read_duties
from geo.store.rules.deadlines import ruler
from geo.store.working.issues import read_issues

_NAMED: Final = (("grid", "grid"), ("community", "admin"), ("subdistrict", "admin"))
_ANSWERING: Final = (
    ("grid_leader", "grid"),
    ("grid_worker", "grid"),
    ("street_manager", "lane"),
)

_STOPPED: Final = ("closed", "held")  # no clock runs


def issues_in_words(
    conn: Connection,
    *,
    scope: str | None,
    now: datetime,
    moment: Moment,
    limit: int | None = None,
    only: Sequence[int] | None = None,
) -> gpd.GeoDataFrame:
    """Return the latest issues of an area as `maps.issue_page` asks for them, latest first.

    `due_at` is when its task is due, or else what the source said. What an issue recorded at intake
    never changes. At another moment than now, `grid_then` is the grid that owned its position then,
    or would under the draft, and who answers is whoever did.
    """
    found = read_issues(conn, scope=scope, at=moment.at, limit=limit, only=only)
    issues = found.assign(
        number=found["reference"],
        due_at=_due(found),
        card=_cards(conn, found, now),
        service=_named(found["service"], service_names(conn, found["service"])),
    )
    for column, net in _NAMED:
        issues[f"{column}_name"] = _named(found[column], area_names(conn, net, found[column]))
    if not moment.is_now:
        issues["grid_then"] = owners_of(conn, found.geometry, **moment.which)
    for role, column in _ANSWERING:
        duties = read_duties(conn, role=role, areas=found[column].dropna(), at=moment.at)
        party = holders(duties, role, found[column])
        issues[role] = _named(party, party_names(conn, party))
    return issues.assign(lane=_named(found["lane"], area_names(conn, "lane", found["lane"])))


def _named(codes: pd.Series, names: pd.Series) -> pd.Series:
    """Return names for codes; a code without a name stays as it is."""
    return codes.map(names).astype("str").fillna(codes)


def _cards(conn: Connection, issues: pd.DataFrame, now: datetime) -> pd.Series:
    """Return red for what is overdue, yellow for what is due soon, where the clock runs."""
    running = ~issues["state"].isin(_STOPPED)
    due = _due(issues).where(running)
    warned = issues["task_yellow"].fillna(_warned(conn, due))
    cards = pd.Series(None, index=issues.index, dtype="object")
    cards = cards.mask(running & (warned <= now), "yellow")
    return cards.mask(due < now, "red")


def _due(issues: pd.DataFrame) -> pd.Series:
    """Return when issues are due: when their tasks are, before there is one as the source said."""
    return issues["task_due"].fillna(issues["due_at"])


def _warned(conn: Connection, due: pd.Series) -> pd.Series:
    """Return when one is warned of what is due then: in working time, where the years are known."""
    working, limits = ruler(conn)
    known = due.dropna()
    known = known[working.covers(known)]
    seconds = working.all_after(known, -limits.yellow)
    return pd.Series(pd.to_datetime(seconds, unit="s", utc=True), index=known.index).reindex(
        due.index
    )
