"""Areas that appear in more than one layer or file: told once, and never stored twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.load.findings import Finding, Loaded, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import accepted, place_of, rejected

_KEY: Final = ["net", "code"]
_SAME_DEGREES: Final = 1e-8  # a millimetre: the same shape reprojected twice


class _First(NamedTuple):
    """Where an area was seen first, and its shape."""

    layer: str
    row: int
    shape: shapely.Geometry


def once(layers: tuple[Loaded, ...], options: ReadOptions) -> tuple[Loaded, ...]:
    """Return the layers, each area in the first of them that has it.

    The same code with the same shape is set aside with its reason; with another shape it is a
    question.
    """
    seen: dict[tuple[str, str], _First] = {}
    result = []
    for layer in layers:
        kept = _kept(layer, seen, options)
        seen |= _firsts(kept)
        result.append(kept)
    return tuple(result)


def _firsts(layer: Loaded) -> dict[tuple[str, str], _First]:
    if not len(layer.frame):
        return {}
    name = f"{layer.report.file}｜{layer.report.layer}"
    return {
        (str(net), str(code)): _First(name, int(row), shape)
        for row, net, code, shape in _cells(layer.frame)
    }


def _cells(frame: pd.DataFrame) -> zip[tuple[int, str, str, shapely.Geometry]]:
    return zip(frame.index, frame["net"], frame["code"], frame.geometry, strict=True)


def _kept(layer: Loaded, seen: Mapping[tuple[str, str], _First], options: ReadOptions) -> Loaded:
    if not len(layer.frame) or not seen:
        return layer
    said = [
        _told(int(row), str(code), shape, seen[str(net), str(code)], options)
        for row, net, code, shape in _cells(layer.frame)
        if (str(net), str(code)) in seen
    ]
    if not said:
        return layer
    frame = layer.frame.drop(index=[row for finding in said for row in finding.rows])
    report = replace(layer.report, used=len(frame), findings=(*layer.report.findings, *said))
    return replace(layer, frame=frame, report=report, quarantined=_aside(layer, said))


def _told(
    row: int, code: str, shape: shapely.Geometry, first: _First, options: ReadOptions
) -> Finding:
    alike = shapely.equals_exact(
        shapely.normalize(shape), shapely.normalize(first.shape), _SAME_DEGREES
    )
    answered = accepted(options, "layers-repeat-code") or rejected(options, "layers-repeat-code")
    severity: Severity | None = "quarantined" if answered else None
    return Finding(
        "layers-repeat-row" if alike else "layers-repeat-code",
        [row],
        values={"code": code, "other": first.layer, "first": first.row},
        place=place_of(shape),
        severity=None if alike else severity,
    )


def _aside(layer: Loaded, said: list[Finding]) -> pd.DataFrame:
    """Return the rows set aside, these among them."""
    reasons = {f.rows[0]: f"{f.zh} {f.en}" for f in said if f.severity == "quarantined"}
    if not reasons:
        return layer.quarantined
    rows = layer.frame.loc[list(reasons)]
    plain = pd.DataFrame(rows.to_wkt() if isinstance(rows, gpd.GeoDataFrame) else rows)
    more = plain.assign(row=list(reasons), reason=list(reasons.values()))
    return pd.concat([layer.quarantined, more])
