"""What whoever enters issues sees: the unclaimed queue, and open issues nearby."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from api.gazetteers import Known, found_by, told
from api.rows import rows_in_json
from geo.duplicates import likely_first
from geo.issues import Issue
from geo.issues.policy import intake_policy
from geo.store.database import Connection
from geo.store.incoming.placing import how_located, neighbours
from geo.store.net.naming import area_names
from geo.store.working.waiting import read_nearby, read_unclaimed

_SHOWN: Final = 10  # issues nearby
_HOW: Final = {
    "address": ("按地址定位", "by its address"),
    "chosen": ("派单员定位", "put on the map by a dispatcher"),
}
_WHY: Final = {
    True: ("没有位置", "it has no position"),
    False: ("不在任何区划内", "it lies in no area of ours"),
}


def unclaimed(conn: Connection, known: Known, limit: int) -> dict[str, Any]:
    """Return how many issues wait to be claimed, and the latest with what their addresses name."""
    total, rows = read_unclaimed(conn, limit)
    gazetteer = known(conn) if len(rows) else None
    issues = rows_in_json(rows)
    for issue in issues:
        issue["zh"], issue["en"] = _WHY[issue["lon"] is None]
        address = issue["address"].strip()
        found = told(found_by(gazetteer, address)) if gazetteer and address else None
        issue["candidates"] = found["candidates"] if found else []
    return {"total": total, "issues": issues}


def nearby(
    conn: Connection, lon: float, lat: float, said: Issue, *, beside: int = 0
) -> list[dict[str, Any]]:
    """Return open issues near a point that may be the one entered, the likeliest first.

    `same_reporter` tells that the same person has reported it, and not who that is.
    """
    rules = intake_policy().duplicates
    what = {"service": said.service, "accuracy_m": said.accuracy_m}
    rows = read_nearby(conn, lon, lat, rules, **what, beside=beside)  # type: ignore[arg-type]
    ranked = likely_first(
        rows, metres=rules.metres, text=said.text, address=said.address, service=said.service
    )
    same = ranked["reporter"].eq(said.reporter or "").fillna(value=False).astype(bool)
    shown = ranked.drop(columns="reporter").assign(same_reporter=same)
    return rows_in_json(shown.assign(metres=shown["metres"].astype(float).round(1)).head(_SHOWN))


def located_told(conn: Connection, issue: int) -> dict[str, Any] | None:
    """Return how an issue got a position that its source did not give, if it did."""
    by, candidate, score = how_located(conn, issue)
    if not by:
        return None
    zh, en = _HOW[by]
    if candidate is not None:
        told_score = "" if score is None else f" {score:.2f}"
        zh, en = f"{zh}：{candidate}{told_score}", f"{en}: {candidate}{told_score}"
    return {"by": by, "as": candidate, "score": score, "zh": zh, "en": en}


def neighbours_told(conn: Connection, issue: int) -> list[dict[str, Any]]:
    """Return the grids an issue may lie in as well, by its accuracy, with their names in words."""
    return grids_told(conn, neighbours(conn, issue, intake_policy().neighbours))


def grids_told(conn: Connection, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return neighbouring grids as JSON takes them, with the names of their communities."""
    names = area_names(conn, "admin", rows["community"])
    told_rows = rows.assign(
        community_name=rows["community"].map(names), metres=rows["metres"].astype(float).round(1)
    )
    return rows_in_json(told_rows)
