"""A draft of the toy city that can be drawn on: the real edits, kept in memory, no database."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from api.drawing import ground_told, labels_told, told
from api.workbench import Bench, Done
from geo import edits
from geo.errors import JingweiError
from geo.redraw.inputs import Columns
from geo.rules import load_rules
from tests.maps import toy

VERSION = 14
# What the buildings of one atom of 文庙社区's third grid have by now.
RECOUNTED = {f"{toy.SCOPE}-1426": 600}
KINDS: dict[str, Any] = {
    "move": lambda e: edits.Move(tuple(e["atoms"]), e["grid"]),
    "split": lambda e: edits.Split(e["grid"], shapely.LineString(e["line"])),
    "special": lambda e: edits.Special(tuple(e["atoms"]), e["name"]),
    "merge": lambda e: edits.Merge(tuple(e["grids"])),
    "lock": lambda e: edits.Lock(None if e.get("grids") is None else tuple(e["grids"])),
    "unlock": lambda e: edits.Unlock(None if e.get("grids") is None else tuple(e["grids"])),
    "redraw": lambda e: edits.Redraw(e["within"], e["seed"], "draft"),
    "undo": lambda _: edits.Undo(),
    "redo": lambda _: edits.Redo(),
    "recount": lambda _: edits.Recount(RECOUNTED),
}


def _frame() -> gpd.GeoDataFrame:
    cells = [(c, r) for c in range(toy.COLUMNS) for r in range(toy.ROWS)]
    rows = [
        {
            "atom": f"{toy.SCOPE}-{column:02d}{row:02d}",
            "households": toy.households(column, row),
            "within": f"{toy.SCOPE}{toy.community_of(column, row) + 1:03d}",
            "rule": "urban",
            "estate": None,
            "grid": toy.code_of(column, row, toy.draft_grid(column, row)),
            "previous": toy.code_of(column, row, toy.today_grid(column, row)),
            "geometry": toy.cell(column, row),
        }
        for column, row in cells
        if not toy.in_special(column, row)
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


class Drawing:
    """The draft, its version, and whoever else draws on it."""

    def __init__(self) -> None:
        frame = _frame()
        columns = Columns("households", "within", "estate", "previous")
        draft = edits.begin(frame, columns, load_rules(), plan=frame["grid"])
        names = {f"{toy.SCOPE}{i + 1:03d}": (c[4], "urban") for i, c in enumerate(toy.COMMUNITIES)}
        stored = frame["grid"].to_numpy(object)
        households = frame["households"].to_numpy(np.int64)
        self.bench = Bench(
            draft, stored, households, frame.geometry.to_numpy(), names, (VERSION, 0)
        )
        self.ground = ground_told(self.bench).encode()
        self.begun = self.bench
        self.others: list[dict[str, Any]] = []
        self.turn, self.mutex = 0, Lock()

    def over(self) -> bytes:
        """What `/base` answers: today's figures, as the comparison has them."""
        beside = toy.compare()
        now = {row["key"]: row["now"] for row in beside["measures"]}
        figures = {key: now[key] for key in ("in_band", "pieces", "compactness")}
        told = {"scope": beside["scope"], "revision": beside["revision"], "stale": None}
        return json.dumps({**told, "now": figures}).encode()

    def loads(self) -> bytes:
        """What `/loads` answers: an issue and two people on each atom."""
        each = len(self.bench.shapes)
        told = {"issues": [1] * each, "people": [2] * each, "unplaced": 3}
        return json.dumps({"from": "2026-08-27", "to": "2026-11-26", **told}).encode()

    def begin_again(self) -> None:
        """Forget every edit, those too that a page before sent and that come in late."""
        with self.mutex:
            self.turn += 1
            self.bench, self.others = self.begun, []

    def look(self) -> Any:
        """What `/draft?labels=true` answers."""
        done = Done(self.bench.state[0], edits.look(self.bench.draft), self.bench)
        return told(done) | labels_told(self.bench)

    def edit(self, asked: Any, if_match: str | None, turn: int | None = None) -> tuple[int, Any]:
        """Status and body, as the API would answer; `turn` is whose page it came from."""
        with self.mutex:
            late = turn is not None and turn != self.turn
            return self._edited(asked, None if late else if_match)

    def _edited(self, asked: Any, if_match: str | None) -> tuple[int, Any]:
        if if_match != f'"{self.bench.state[0]}"':
            return 412, {"title": "PlanChanged", "zh": "这份草案已被改过。", "en": "Changed."}
        try:
            after, answer = edits.answer(self.bench.draft, KINDS[asked["kind"]](asked))
        except JingweiError as error:
            return 409, {"title": "Refused", "zh": error.sentence_zh, "en": error.sentence_en}
        state = (self.bench.state[0] + 1, 0)
        households = after.ground.atoms.weight.astype(np.int64)
        self.bench = replace(self.bench, draft=after, households=households, state=state)
        return 200, json.loads(json.dumps(told(Done(state[0], answer, self.bench))))
