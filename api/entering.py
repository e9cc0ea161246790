"""What would become of an issue that is being entered: nothing of it is kept."""

from __future__ import annotations

from typing import Any

from api.explaining import in_words
from api.gazetteers import Known, placed, told
from api.waiting import grids_told, nearby
from geo.issues import Issue
from geo.issues.intake import accuracy_of
from geo.issues.policy import NeighbourRules, intake_policy
from geo.store.database import Connection
from geo.store.incoming.entering import calls_seen, due_now
from geo.store.incoming.placing import neighbours_of
from geo.store.locating import Located, located, located_in
from geo.store.net.naming import area_names
from geo.store.rules.routing import route_of


def foreseen(conn: Connection, said: Issue, known: Known) -> dict[str, Any]:
    """Return where an issue would lie, whose it would be, when due, and what is there already.

    `located` are the candidates of its address, where it has no position; `here` the position it
    would get; null: it would wait in the unclaimed queue, or lie in the area that the address names
    alone (`located.area`).
    """
    issue, found = placed(conn, said, known)
    where = located_in(conn, issue.area) if issue.area else located(conn, issue.lon, issue.lat)
    due = due_now(conn, issue.service, issue.due_at)
    return {
        "located": None if found is None else told(found),
        "here": _here(conn, issue, where),
        "route": _route(conn, issue, where),
        "due": None if due is None else {key: at.isoformat() for key, at in due._asdict().items()},
        "nearby": _nearby(conn, issue),
        "reporter": _repeated(conn, issue),
    }


def _here(conn: Connection, issue: Issue, here: Located) -> dict[str, Any] | None:
    if issue.lon is None or issue.lat is None:
        return None
    rules = intake_policy().neighbours
    reach = _reach(accuracy_of(issue.accuracy_m, issue.located_as, rules.crossing), rules)
    near = neighbours_of(conn, issue.lon, issue.lat, grid=here.grid, reach=reach)
    names = area_names(conn, "admin", [here.community, here.subdistrict])
    return {
        "lon": issue.lon,
        "lat": issue.lat,
        "grid": here.grid,
        "subdistrict": here.subdistrict,
        "grid_name": area_names(conn, "grid", [here.grid]).get(here.grid),
        "community_name": names.get(here.community),
        "subdistrict_name": names.get(here.subdistrict),
        "lane_name": area_names(conn, "lane", [here.lane]).get(here.lane),
        "unclaimed": not here.path,
        "neighbours": grids_told(conn, near),
    }


def _reach(accuracy_m: float, rules: NeighbourRules) -> float:
    """Return how near, in metres, a grid is named beside the one that a point lies in."""
    if not accuracy_m:
        return rules.near
    return max(min(accuracy_m * rules.times, rules.most), rules.near)


def _route(conn: Connection, issue: Issue, here: Located) -> dict[str, Any]:
    against = [issue.against] if issue.against else []
    found = route_of(conn, here, issue.service, against=against)
    return {"grid": here.grid, "path": list(here.path)} | in_words(conn, found)


def _nearby(conn: Connection, issue: Issue) -> list[dict[str, Any]]:
    if issue.lon is None or issue.lat is None:
        return []
    return nearby(conn, issue.lon, issue.lat, issue)


def _repeated(conn: Connection, issue: Issue) -> dict[str, Any] | None:
    """Return which call of its reporter this would be, without who that is; None: the first."""
    if issue.reporter is None:
        return None
    days = int(intake_policy().reporter.days)
    before = calls_seen(conn, issue.reporter, days)
    if before == 0:
        return None
    zh = f"老来电人：{days} 天内已有 {before} 件"
    en = f"a caller known here: {before} within {days} days"
    return {"nth": before + 1, "days": days, "zh": zh, "en": en}
