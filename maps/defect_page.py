"""The report of an import as one file: a map of what was found, and the list beside it.

Everything is inside (script, style, outlines, findings), with hashes in a meta policy, so that the
file can be opened from a disk or sent by post. Findings travel as JSON and are set as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.load.findings import Report
from geo.load.titles import title_of
from maps.charts import chart_of
from maps.chrome import Markup, Shell, dress
from maps.offline import inline_page
from maps.words import Lang, word

_DECIMALS: Final = 6  # of a degree: 0.1 m
_MOST_VERTICES: Final = 200_000
_COARSE_DEGREES: Final = 0.0001  # 10 m, only to look at outlines that are very large


def defect_page(
    reports: Sequence[Report], outlines: gpd.GeoDataFrame | None = None, *, lang: Lang = "zh-CN"
) -> str:
    """Return one self-contained HTML file that shows what an import found.

    Parameters
    ----------
    reports
        Of each layer that was read.
    outlines
        EPSG:4326 areas to lay the findings on, with `name` where there is one; None draws none.
    """
    chart = chart_of("defect")
    body = (
        f'<main id="panel" class="panel" tabindex="-1" aria-label="{word("defect.panel", lang)}">'
        '</main><div id="over" class="over"></div>'
    )
    config = {"map": chart.get_name()}
    sheets = ("page", "report")
    shell = Shell("defect", "defect.title", config, body, linked=False, sheets=sheets)
    dress(chart.figure, shell, lang=lang)
    held = {
        "reports": [_rounded(each.to_json()) for each in reports],
        "outlines": _areas(outlines),
        "titles": {f.code: title_of(f.code) for each in reports for f in each.findings},
    }
    chart.figure.html.add_child(Markup(_block(held)), name="data")
    return inline_page(chart.figure, lang=lang)


def _block(held: Mapping[str, object]) -> str:
    text = json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="data">{safe}</script>'


def _areas(outlines: gpd.GeoDataFrame | None) -> dict[str, object]:
    if outlines is None or outlines.empty:
        return {"type": "FeatureCollection", "features": []}
    shapes = shapely.force_2d(outlines.geometry.array)
    if int(shapely.get_num_coordinates(shapes).sum()) > _MOST_VERTICES:
        shapes = shapely.simplify(shapes, _COARSE_DEGREES)
    rounded = shapely.transform(shapes, _round)
    names = outlines["name"].fillna("") if "name" in outlines.columns else [""] * len(outlines)
    features = [
        {"type": "Feature", "properties": {"name": str(name)}, "geometry": _geometry(shape)}
        for name, shape in zip(names, rounded, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _geometry(shape: shapely.Geometry | None) -> Any:  # noqa: ANN401 (GeoJSON has no one type)
    return None if shape is None or shape.is_empty else json.loads(shapely.to_geojson(shape))


def _round(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(coordinates, _DECIMALS)


def _rounded(report: dict[str, Any]) -> dict[str, Any]:
    """The report with short coordinates, and without figures JSON cannot hold."""
    return {**report, "findings": [_short(each) for each in report["findings"]]}


def _short(finding: dict[str, Any]) -> dict[str, Any]:
    place, shape = finding["place"], finding["geometry"]
    sound = place is not None and bool(np.isfinite(np.asarray(place, dtype=float)).all())
    return {
        **finding,
        "place": [round(float(value), _DECIMALS) for value in place] if sound else None,
        "geometry": _geometry(_flat(shape)) if shape else None,
    }


def _flat(shape: dict[str, Any]) -> shapely.Geometry | None:
    whole = shapely.force_2d(shapely.geometry.shape(shape))
    finite = bool(np.isfinite(shapely.get_coordinates(whole)).all())
    return shapely.transform(whole, _round) if finite else None
