"""The issues of the last three months replayed on a plan: its load before anyone signs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import pandas as pd

from api.periods import quarter
from api.plan_changes import sides
from api.rows import rows_in_json
from geo.comparison import descent
from geo.errors import BadPeriodError
from geo.replay import Replay, replay
from geo.store.database import Connection
from geo.store.net.naming import service_names
from geo.store.net.people import read_duties
from geo.store.net.revisions import At
from geo.store.planning.succession import NEVER_VACANT
from geo.store.working.issues import issues_replayed

_COUNTS: Final = ("issues", "other_grid", "other_holder", "unplaced", "nowhere", "median")


class Replayed(NamedTuple):
    """A replay, and the days it is of, both included."""

    since: date
    until: date
    load: Replay

    def told(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            **{name: getattr(self.load, name) for name in _COUNTS},
            "heavy": int(self.load.grids["heavy"].sum()),
            "grids": rows_in_json(self.load.grids),
        }


def replayed(
    conn: Connection, plan: int, *, since: date | None = None, until: date | None = None
) -> Replayed:
    """Return the issues of a period replayed on a plan: the three months up to today by default.

    Services are named, and counts are all there is: nothing of a reporter.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    BadPeriodError
        When the period ends before it begins.
    """
    first, last = quarter(conn, since, until)
    if first > last:
        raise BadPeriodError(since=first, until=last)
    both = sides(conn, plan)
    now = datetime.now(UTC)
    issues = issues_replayed(conn, scope=both.scope, since=first, until=last, now=now)
    issues = issues.assign(service=_named(conn, issues["service"]))
    shares = descent(both.was, both.will, both.buildings).lineage
    holders = _in_charge(conn, both.was.grids["code"], both.revision)
    return Replayed(
        first, last, replay(issues, both.was, both.will, shares=shares, holders=holders)
    )


def _named(conn: Connection, services: pd.Series) -> pd.Series:
    names = service_names(conn, services.unique())
    return services.map(lambda code: names.get(code, code), na_action="ignore")


def _in_charge(conn: Connection, grids: pd.Series, at: At | None) -> pd.Series:
    """Return who an issue in each grid is sent to: its leader, else its worker."""
    held = read_duties(conn, areas=grids, at=at)
    named = held[(held["net"] == "grid") & held["role"].isin(NEVER_VACANT) & held["service"].isna()]
    order = named.sort_values(
        ["area", "role", "lead", "party"], ascending=[True, True, False, True]
    )
    return order.drop_duplicates("area").set_index("area")["party"]
