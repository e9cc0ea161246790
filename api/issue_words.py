"""Issues in the words of the page: codes turned into names, and who answers for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import geopandas as gpd
import pandas as pd

from api.moments import Moment
from geo.duties import holders
from geo.store.areas import read_areas
from geo.store.database import Connection
from geo.store.issues import read_issues
from geo.store.lookup import owners_of
from geo.store.people import read_duties, read_parties, read_services

# Working time comes with the calendar; until then a day is 24 hours.
_DUE_SOON: Final = timedelta(days=1)
_NAMED: Final = (("grid", "grid"), ("community", "admin"), ("subdistrict", "admin"))
_ANSWERING: Final = (
    ("grid_leader", "grid"),
    ("grid_worker", "grid"),
    ("street_manager", "lane"),
)


def issues_in_words(
    conn: Connection, *, scope: str | None, now: datetime, moment: Moment
) -> gpd.GeoDataFrame:
    """Return the issues of an area as `maps.issue_page` asks for them, newest first.

    What an issue recorded at intake never changes. At another moment than now, `grid_then` is the
    grid that owned its position then, or would under the draft, and who answers is whoever did.
    """
    found = read_issues(conn, scope=scope, at=moment.at)
    issues = found.assign(
        number=found["reference"],
        card=_cards(found, now),
        service=_named(found["service"], read_services(conn)),
    )
    for column, net in _NAMED:
        issues[f"{column}_name"] = _named(found[column], read_areas(conn, net=net))
    if not moment.is_now:
        issues["grid_then"] = owners_of(conn, found.geometry, **moment.which)
    parties = read_parties(conn, kind="person")
    for role, column in _ANSWERING:
        duties = read_duties(conn, role=role, at=moment.at)
        issues[role] = _named(holders(duties, role, found[column]), parties)
    lanes = _named(found["lane"], read_areas(conn, net="lane"))
    return issues.assign(lane=lanes).sort_values("reported_at", ascending=False)


def _named(codes: pd.Series, named: pd.DataFrame) -> pd.Series:
    """Return names for codes; a code without a name stays as it is."""
    names = codes.map(named.set_index("code")["name"])
    return names.fillna(codes)


def _cards(issues: pd.DataFrame, now: datetime) -> pd.Series:
    """Return red for what is overdue, yellow for what is due soon, of what is still open."""
    due = issues["due_at"].where(issues["state"] != "closed")
    cards = pd.Series(None, index=issues.index, dtype="object")
    cards = cards.mask(due <= now + _DUE_SOON, "yellow")
    return cards.mask(due < now, "red")
