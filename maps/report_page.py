"""Maps for others: one file with everything inside, to be opened from a disk, sent or printed.

Shapes are simplified as a coverage until the whole is light enough, and written as whole numbers,
each vertex as its way from the one before. Names travel as JSON and are set as text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from maps.charts import chart_of
from maps.chrome import Markup, Shell, dress
from maps.offline import inline_page
from maps.threads import Thread
from maps.words import Lang, word

Kind: TypeAlias = Literal["plan", "balance", "issues", "net", "coverage"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# What a browser draws at once, and a file may weigh: about 3 MB.
MOST_VERTICES: Final = 300_000
_UNIT: Final = 1e-6  # of a degree, 0.1 m
_TOLERANCES: Final = (0.0, 2e-5, 5e-5, 1e-4, 2e-4, 4e-4, 1e-3)  # degrees
_TOLD: Final = (
    *("code", "name", "kind", "class", "households", "low", "high", "special", "changed"),
    *("hectares", "issues"),
)
_POLYGON: Final = 2


def nothing() -> gpd.GeoDataFrame:
    """Return no shapes."""
    return gpd.GeoDataFrame({"code": []}, geometry=[], crs=WGS84)


class AsOf(NamedTuple):
    """Of when a map is: the revision of its net in force, and the day, ISO 8601."""

    revision: int
    day: str


@dataclass(frozen=True, eq=False)
class Picture:
    """What a map shows; frames in EPSG:4326.

    Parameters
    ----------
    about
        Lines under the title.
    areas
        `code`, `name`; where they are known `households`, `low`, `high`, `special`, `changed` (a
        plan moves its border), `issues`.
    borders, ground
        Heavier borders by `kind`; roads, water and green by `kind` and `class`.
    faults
        Ground that no area covers, or two: `kind` (gap, overlap), `name`, `hectares`.
    cells
        Issues counted: lon, lat, n; `days` is the length of the period.
    period
        Its first day (None: from the beginning) and its last.
    comments
        Threads on places of a plan, the open ones first.
    figures
        Key of a word, and the value beside it.
    as_of
        Of when it is; None of a file, which does not say.
    """

    kind: Kind
    title: str
    about: Sequence[str]
    areas: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame = field(default_factory=nothing)
    ground: gpd.GeoDataFrame = field(default_factory=nothing)
    faults: gpd.GeoDataFrame = field(default_factory=nothing)
    cells: Sequence[Sequence[float]] = ()
    days: int = 0
    figures: Sequence[tuple[str, str]] = ()
    period: tuple[str | None, str] | None = None
    comments: Sequence[Thread] = ()
    as_of: AsOf | None = None


def report_page(picture: Picture, *, lang: Lang = "zh-CN") -> str:
    """Return one self-contained HTML file that shows a picture."""
    chart = chart_of("report")
    title = word(f"report.{picture.kind}", lang)
    body = (
        f'<main id="panel" class="panel" tabindex="-1" aria-label="{title}">'
        '</main><div id="over" class="over"></div>'
    )
    config = {"map": chart.get_name()}
    sheets = ("page", "report")
    shell = Shell("report", f"report.{picture.kind}", config, body, linked=False, sheets=sheets)
    dress(chart.figure, shell, lang=lang)
    chart.figure.html.add_child(Markup(_block(_held(picture))), name="data")
    return inline_page(chart.figure, lang=lang)


def _held(picture: Picture) -> dict[str, object]:
    areas, tolerance = lighter(picture.areas, MOST_VERTICES)
    ground, _ = lighter(picture.ground, MOST_VERTICES // 2)
    borders, _ = lighter(picture.borders, MOST_VERTICES // 3)
    return {
        "kind": picture.kind,
        "title": picture.title,
        "about": list(picture.about),
        "as_of": picture.as_of and picture.as_of._asdict(),
        "figures": [list(each) for each in picture.figures],
        "period": picture.period and dict(zip(("since", "until"), picture.period, strict=True)),
        "tolerance": round(tolerance * 111_000),
        "unit": _UNIT,
        "areas": _features(areas),
        "borders": _features(borders),
        "ground": _features(ground),
        "faults": _features(picture.faults),
        "cells": [[round(float(v), 6) for v in cell] for cell in picture.cells],
        "days": picture.days,
        "comments": [
            each._asdict() | {"said": [said._asdict() for said in each.said]}
            for each in picture.comments
        ],
    }


def lighter(frame: gpd.GeoDataFrame, most: int) -> tuple[gpd.GeoDataFrame, float]:
    """Return shapes of at most so many vertices, as far as they go, and by what they were moved.

    Areas are simplified as a coverage, so that neighbours keep their borders.
    """
    whole: NDArray[np.object_] = np.asarray(frame.geometry.to_numpy(), dtype=object)
    flat = shapely.get_dimensions(whole) == _POLYGON
    found, used = whole, 0.0
    for used in _TOLERANCES:
        found = whole.copy()
        if used:
            found[flat] = shapely.coverage_simplify(whole[flat], used)
            found[~flat] = shapely.simplify(whole[~flat], used)
        if int(shapely.get_num_coordinates(found).sum()) <= most:
            break
    return frame.set_geometry(gpd.GeoSeries(found, frame.index, crs=frame.crs)), used


def _features(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    kept = [name for name in _TOLD if name in frame.columns]
    plain = pd.DataFrame(frame[kept]).astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [
        {"p": {name: _short(value) for name, value in row.items() if value not in (None, "")}}
        | shape
        for row, shape in zip(rows, map(_shape, frame.geometry), strict=True)
    ]


def _short(value: Any) -> Any:  # noqa: ANN401 JSON of any kind
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shape(shape: shapely.Geometry | None) -> dict[str, Any]:
    """Return the rings of polygons, or lines, each as one list of ways in units."""
    if shape is None or shape.is_empty:
        return {"r": []}
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == _POLYGON:
        return {"r": [[_ways(ring) for ring in shapely.get_rings(part)] for part in parts]}
    return {"l": [_ways(part) for part in parts]}


def _ways(line: shapely.Geometry) -> list[int]:
    units = np.round(shapely.get_coordinates(line) / _UNIT).astype(np.int64)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    found: list[int] = steps.ravel().tolist()
    return found


def _block(held: dict[str, object]) -> str:
    text = json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="data">{safe}</script>'
