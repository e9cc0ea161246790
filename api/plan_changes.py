"""What would change hands from one set of grids to another: two plans, or what is in force."""

from __future__ import annotations

from itertools import takewhile
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from api.comparing import plan_row, today_of
from api.moments import Which
from geo.comparison import Descent, Side, descent, difference, owners, side_of
from geo.plan import PlanDiff
from geo.rules import load_rules
from geo.store.database import Connection
from geo.store.net.areas import ancestry, read_areas
from geo.store.net.places import read_loads
from geo.store.net.revisions import At
from geo.store.working.tasks import read_open_tasks

_SUMS: Final = ("households", "people", "buildings", "estates")
_PAIR: Final = ["old", "new"]


class Changes(NamedTuple):
    """What changes hands.

    Parameters
    ----------
    moves
        Buildings, one row each that moves, and the sums.
    descent
        The grids: new, gone, changed, and where each came from.
    pairs
        The same by pair of grids: `old`, `new` (missing: none), `households`, `people`,
        `buildings`, `estates`, `tasks_sent`, `tasks_taken`.
    tasks_sent, tasks_taken
        Open tasks whose place would be another grid's, and those without a place whose grid
        would end: those nobody has taken go there, those taken stay with their holder.
    revision
        What it is a change from: the revision before the plan was published; None where that is
        what is in force, or another plan.
    """

    moves: PlanDiff
    descent: Descent
    pairs: pd.DataFrame
    tasks_sent: int
    tasks_taken: int
    revision: At | None

    def told(self) -> dict[str, Any]:
        """Return the changes as JSON takes them: sums, codes, pairs, and the lineage row by row."""
        sums = {name: getattr(self.moves, name) for name in _SUMS}
        codes = {name: list(getattr(self.descent, name)) for name in ("fresh", "gone", "changed")}
        tasks = {"tasks_sent": self.tasks_sent, "tasks_taken": self.tasks_taken}
        rows = {"pairs": self.pairs, "lineage": self.descent.lineage}
        plain = {name: _plain(frame) for name, frame in rows.items()}
        return {**sums, **tasks, **codes, **plain}


class Sides(NamedTuple):
    """Two sets of grids over the same ground, and the buildings on it.

    Parameters
    ----------
    revision
        The revision the first is of; None where that is what is in force, or another plan.
    """

    scope: str
    was: Side
    will: Side
    buildings: gpd.GeoDataFrame
    revision: At | None


def sides(conn: Connection, plan: int, other: int | None = None) -> Sides:
    """Return what is in force (or was, before the plan was published) and a plan, side by side.

    Parameters
    ----------
    other
        Another plan: then the first plan and it, over the ground of both.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    """
    rows = [plan_row(conn, number) for number in (plan, other) if number is not None]
    scope, net = _ground([ancestry(conn, str(row["scope"])) for row in rows]), str(rows[0]["net"])
    before = Which(at=today_of(conn, plan), plan=None) if other is None else _of(plan)
    buildings = read_loads(conn, kind="building", scope=scope)
    was, will = (
        _side(conn, buildings, net, scope, which) for which in (before, _of(other or plan))
    )
    return Sides(scope, was, will, buildings, before["at"])


def changes(conn: Connection, plan: int, other: int | None = None) -> Changes:
    """Return what changes from what is in force (or was, before the plan was published) to a plan.

    Parameters
    ----------
    other
        Another plan: then from the first plan to it, over the ground of both.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    """
    both = sides(conn, plan, other)
    passed = descent(both.was, both.will, both.buildings)
    moved = _tasks_moved(conn, both, passed)
    return Changes(
        difference(both.was, both.will, both.buildings),
        passed,
        _pairs(both, moved),
        int((moved["state"] == "sent").sum()),
        int((moved["state"] == "taken").sum()),
        both.revision,
    )


def _of(plan: int) -> Which:
    return Which(at=None, plan=plan)


def _side(
    conn: Connection, buildings: gpd.GeoDataFrame, net: str, scope: str, which: Which
) -> Side:
    communities = read_areas(conn, net="admin", kind="community", scope=scope)
    grids = read_areas(conn, net=net, kind="grid", scope=scope, **which)
    return side_of(grids, buildings, communities=communities, rules=load_rules())


def _ground(paths: list[list[str]]) -> str:
    """Return the smallest area that holds what all paths lead to.

    >>> _ground([["3701", "370102"], ["3701", "370103"]]), _ground([["3701", "370102"]])
    ('3701', '370102')
    """
    shared = takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False))
    codes: list[str] = [level[0] for level in shared]
    return codes[-1]


def _tasks_moved(conn: Connection, both: Sides, passed: Descent) -> pd.DataFrame:
    """Return the open tasks that change grid: old, new (missing: none), state.

    By their place; without one, those of a grid that is gone go where most of it went.
    """
    tasks = read_open_tasks(conn, both.scope)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(tasks["lon"], tasks["lat"]))
    now, then = (owners(side.grids, points).astype("object") for side in (both.was, both.will))
    lost = tasks["lon"].isna().to_numpy() & tasks["area"].isin(passed.gone).to_numpy()
    area = tasks["area"].astype("object").set_axis(now.index)
    now, then = now.mask(lost, area), then.mask(lost, area.map(passed.heirs()))
    table = pd.DataFrame({"old": now, "new": then, "state": tasks["state"].to_numpy(object)})
    return table[now.fillna("") != then.fillna("")]


def _pairs(both: Sides, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return what changes hands by pair of grids, those with most households first."""
    owned = both.buildings.assign(old=both.was.owner, new=both.will.owner)
    moves = difference(both.was, both.will, both.buildings).moves.index
    homes = pd.DataFrame(owned.loc[moves, [*_PAIR, "households", "people", "estate"]])
    table = pd.DataFrame(
        {
            **{name: homes.groupby(_PAIR, dropna=False)[name].sum() for name in _SUMS[:2]},
            "buildings": homes.groupby(_PAIR, dropna=False).size(),
            "estates": homes.groupby(_PAIR, dropna=False)["estate"].nunique(),
            **{
                f"tasks_{state}": tasks[tasks["state"] == state].groupby(_PAIR, dropna=False).size()
                for state in ("sent", "taken")
            },
        }
    )
    counts = table.fillna(0).astype("int64").rename_axis(_PAIR).reset_index()
    order = ["households", *_PAIR]
    return counts.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype("object")
    told: list[dict[str, Any]] = rows.where(rows.notna(), None).to_dict("records")
    return told
