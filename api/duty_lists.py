"""The responsibility list between files and the store: read, looked up, told of, tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd

from api.explaining import faults_in_words
from api.rows import rows_in_json
from geo.load import ReadOptions, Report, read
from geo.responsibility import FAULTS, ListRow
from geo.store.database import Connection
from geo.store.net.duty_list import read_list
from geo.store.net.naming import party_names, service_names
from geo.store.rules.list_trial import Trial
from geo.store.rules.list_words import looked_up

TITLE: Final = "责任清单"
HEADINGS: Final = {
    "row_number": "行号",
    "service_name": "事项",
    "area_name": "区域",
    "lead_names": "牵头单位",
    "assist_names": "配合单位",
    "basis": "依据",
    "valid_from": "有效期自",
    "valid_to": "有效期至",
    "faults": "须处理",
}
MOVES: Final = {
    "service_name": "事项",
    "before_name": "原归",
    "after_name": "改归",
    "n": "件数",
    "issues": "例",
}


def rows_of_file(
    conn: Connection, path: Path, options: ReadOptions, *, scope: str | None = None
) -> tuple[list[ListRow], list[Report]]:
    """Return the rows of a list that a file holds, looked up, and what was found in the file.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read at all.
    """
    layers = read(path, "list", options)
    frames = [layer.frame for layer in layers if len(layer.frame)]
    rows = [row for frame in frames for row in looked_up(conn, frame, scope=scope)]
    return rows, [layer.report for layer in layers]


def faulty(rows: Iterable[ListRow]) -> list[dict[str, Any]]:
    """Return what is wrong with the rows of a file, line by line, as JSON takes it."""
    return [
        {"line": row.line, "service": row.service, "area": row.area or row.area_said}
        | {"lead": "、".join(one.words for one in row.leads)}
        | {"faults": faults_in_words(row.faults)}
        for row in rows
        if row.faults
    ]


def list_table(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return the list as a district keeps it, and as it is read in again: names, the last day."""
    rows = read_list(conn, scope=scope)
    last = [day - timedelta(days=1) if day is not None else "" for day in rows["valid_to"]]
    told = rows.assign(
        service_name=rows["service_name"].fillna(rows["service"]),
        lead_names=rows["lead_names"].fillna(""),
        assist_names=rows["assist_names"].fillna(""),
        valid_from=[day.isoformat() for day in rows["valid_from"]],
        valid_to=[str(day) for day in last],
        faults=["；".join(FAULTS[fault][0] for fault in faults) for faults in rows["faults"]],
    )
    return told[list(HEADINGS)].rename(columns=HEADINGS)


def moves_named(conn: Connection, moves: pd.DataFrame) -> pd.DataFrame:
    """Return the moves of a trial with the names of services and parties."""
    parties = party_names(conn, [*moves["before"], *moves["after"]])
    services = service_names(conn, moves["service"])
    named = {f"{side}_name": moves[side].map(parties) for side in ("before", "after")}
    return moves.assign(
        **{name: names.fillna(moves[name[: -len("_name")]]) for name, names in named.items()},
        service_name=moves["service"].map(services).fillna(moves["service"]),
    )


def trial_in_words(conn: Connection, trial: Trial) -> dict[str, Any]:
    """Return a trial as JSON takes it: how many move, from whom to whom, which become unowned.

    `newly_faulty` would meet a row that cannot be evaluated: no rule sends them any more.
    """
    moves = moves_named(conn, trial.moves)
    pairs = ["before", "before_name", "after", "after_name"]
    matrix = moves.groupby(pairs, dropna=False, sort=False)["n"].sum().reset_index()
    fresh = moves[moves["after_unowned"] & ~moves["before_unowned"]]
    return {
        "rows": {name: getattr(trial.kept, name) for name in ("new", "changed", "same", "ended")},
        "issues": trial.issues,
        "moved": int(moves["n"].sum()),
        "matrix": rows_in_json(matrix),
        "moves": rows_in_json(moves),
        "newly_unowned": int(fresh["n"].sum()),
        "newly_faulty": trial.attention,
        "problems": problems_told(trial.problems),
    }


def problems_told(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of the list as JSON takes them, their faults in words."""
    told = rows_in_json(rows)
    return [row | {"faults": faults_in_words(row["faults"])} for row in told]


def fault_words(rows: Sequence[dict[str, Any]]) -> pd.Series:
    """Return the faults of rows in both languages, one text a row."""
    return pd.Series(
        ["；".join(f"{fault['zh']} {fault['en']}" for fault in row["faults"]) for row in rows],
        dtype="str",
    )
