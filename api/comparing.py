"""A plan held against what was in force before it, in the words of the page that shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from api.households import households_on
from api.moments import Which
from api.periods import quarter
from geo.comparison import Side, difference, side_of
from geo.crs import WGS84
from geo.errors import MissingError
from geo.rules import Rules, load_rules
from geo.store.database import Connection
from geo.store.net.areas import ancestry, read_areas
from geo.store.net.ground import barriers_of
from geo.store.net.naming import area_names
from geo.store.net.places import read_loads
from geo.store.net.revisions import number_at
from geo.store.planning.forking import read_log
from geo.store.planning.plans import may_edit, read_atoms, read_plans
from geo.store.planning.publishing import changed_since
from geo.store.working.issues import issues_replayed


def plan_row(conn: Connection, plan: int) -> pd.Series:
    """Return the row of one plan, as `read_plans` has it.

    Raises
    ------
    MissingError
        When there is none that the acting person may see.
    """
    seen = read_plans(conn).set_index("id")
    if plan not in seen.index:
        raise MissingError(noun="plan", noun_zh="方案", key=plan)
    return seen.loc[plan]


def today_of(conn: Connection, plan: int) -> int | None:
    """Return the revision that a plan is to be compared with; None: the newest.

    That of the moment, while it is open; the one before it, once it was published.
    """
    published = plan_row(conn, plan)["revision"]
    return None if pd.isna(published) else int(published) - 1


def comparison(conn: Connection, plan: int, beside: Which | None = None) -> dict[str, Any]:
    """Return what `maps.plan_page` asks of `/api/plans/P/compare`.

    Parameters
    ----------
    beside
        What the plan is held against, instead of what was in force before it: a revision of its
        net, a date, or another draft.
    """
    row, rules = plan_row(conn, plan), load_rules()
    scope, revision = str(row["scope"]), today_of(conn, plan)
    was: Which = beside or {"at": revision, "plan": None}
    communities = read_areas(conn, net="admin", kind="community", scope=scope)
    buildings = read_loads(conn, kind="building", scope=scope)
    sides = [
        side_of(
            read_areas(conn, net=row["net"], kind="grid", scope=scope, **which),
            buildings,
            communities=communities,
            rules=rules,
        )
        for which in (was, Which(at=None, plan=plan))
    ]
    urban = rules.band("urban")
    names = communities.set_index("code")["name"]
    is_open = revision is None and beside is None
    return {
        "scope": _scope(conn, scope),
        "revision": number_at(conn, str(row["net"]), was["at"]),
        "stale": _stale(conn, row) if revision is None else None,
        "recounted": _recounted(conn, row, buildings) if is_open else None,
        "title": row["title"],
        "state": row["state"],
        "editable": may_edit(conn, plan),
        "band": None if urban is None else {"low": urban.low, "high": urban.high},
        "measures": _measures(
            (sides[0], sides[1]),
            buildings,
            issues=last_quarter(conn, scope),
            lines=barriers_of(conn, scope),
            rules=rules,
        ),
        "reasons": [
            {"code": r["within"], "name": names.get(r["within"], ""), "zh": r["zh"], "en": r["en"]}
            for r in reasons(conn, plan)
        ],
    }


def drawn_over(conn: Connection, plan: int) -> dict[str, Any]:
    """Return what a draft is drawn over: its scope, `stale`, and the figures of today's grids.

    As `comparison` has them, without what only a table of both sides needs.
    """
    row, rules = plan_row(conn, plan), load_rules()
    scope, revision = str(row["scope"]), today_of(conn, plan)
    buildings = read_loads(conn, kind="building", scope=scope)
    now = side_of(
        read_areas(conn, net=row["net"], kind="grid", scope=scope, at=revision),
        buildings,
        communities=read_areas(conn, net="admin", kind="community", scope=scope),
        rules=rules,
    )
    return {
        "scope": _scope(conn, scope),
        "revision": number_at(conn, str(row["net"]), revision),
        "stale": _stale(conn, row) if revision is None else None,
        "recounted": _recounted(conn, row, buildings) if revision is None else None,
        "now": {
            "in_band": now.in_band(),
            "pieces": now.broken_pieces(),
            "compactness": now.compactness(),
        },
    }


def _stale(conn: Connection, plan: pd.Series) -> dict[str, object] | None:
    """Return the base of an open plan and what has changed in its scope since, if anything has."""
    base = int(plan["base"])
    areas = changed_since(conn, str(plan["net"]), str(plan["scope"]), base)
    return {"base": base, "areas": areas} if areas else None


def _recounted(
    conn: Connection, plan: pd.Series, buildings: gpd.GeoDataFrame
) -> dict[str, int] | None:
    """Return the households an open plan was drawn by, those now, and the atoms where they differ.

    Atoms keep what was counted when they were made; buildings may have been imported anew since.
    """
    atoms = read_atoms(conn, int(plan.name))
    now = households_on(atoms.geometry.to_numpy(), buildings)
    drawn = atoms["households"].to_numpy(np.int64)
    sums = {"drawn": int(drawn.sum()), "now": int(now.sum())}
    differ = int((drawn != now).sum())
    return {**sums, "atoms": differ} if differ and all(sums.values()) else None


def _scope(conn: Connection, code: str) -> dict[str, object]:
    path = ancestry(conn, code)
    admin = area_names(conn, "admin", path)
    names = [admin[code] for code in path]
    return {"code": code, "name": names[-1], "path": names[1:] or names}


def last_quarter(conn: Connection, scope: str) -> gpd.GeoSeries:
    """Return where the issues of the last three months lie, of those that lie anywhere."""
    since, until = quarter(conn)
    found = issues_replayed(conn, scope=scope, since=since, until=until, now=datetime.now(UTC))
    placed = found.dropna(subset=["lon", "lat"])
    return gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), crs=WGS84)


def _measures(
    sides: tuple[Side, Side],
    buildings: pd.DataFrame,
    *,
    issues: gpd.GeoSeries,
    lines: gpd.GeoDataFrame,
    rules: Rules,
) -> list[dict[str, object]]:
    now, draft = sides
    moved = difference(now, draft, buildings)
    pairs = {
        "in_band": (now.in_band(), draft.in_band()),
        "moved": (None, moved.households),
        "people": (None, moved.people),
        "most_least": (now.most_least(), draft.most_least()),
        "pieces": (now.broken_pieces(), draft.broken_pieces()),
        "compactness": (now.compactness(), draft.compactness()),
        "edges": (now.along_lines(lines, rules), draft.along_lines(lines, rules)),
        "load": (now.busiest(issues), draft.busiest(issues)),
        "split_estates": (now.split_estates(buildings), draft.split_estates(buildings)),
    }
    return [{"key": key, "now": was, "draft": would} for key, (was, would) in pairs.items()]


def reasons(conn: Connection, plan: int) -> list[dict[str, Any]]:
    """Return the communities of a draft that the machine could not bring in band, and why.

    Those drawn otherwise since, by an import or an edit, are left out.
    """
    log = read_log(conn, plan)
    proposed = log.index[log["name"] == "propose"]
    if proposed.empty:
        return []
    later = log.loc[proposed[-1] + 1 :, "detail"]
    touched = {code for detail in later for code in detail.get("communities", ())}
    said = log.loc[proposed[-1], "detail"]["communities"]
    return [row for row in said if not row["in_band"] and row["within"] not in touched]
