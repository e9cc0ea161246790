"""Places whose outlines lie in a layer of their own: joined to their points by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo.load.findings import Finding, Loaded


def joined(layers: Sequence[Loaded]) -> tuple[Loaded, ...]:
    """Return the layers of places of one file, a layer of mere outlines joined to the points.

    A layer is that when each of its rows has a footprint and the code of a place in another
    layer that has none. What it says of itself other than the footprint is not used.
    """
    outlines = [layer for layer in layers if _is_outlined(layer)]
    points = [layer for layer in layers if layer not in outlines]
    for outline in list(outlines):
        owner = next((p for p in points if _owns(p, outline)), None)
        if owner is None:
            points.append(outline)
            continue
        points[points.index(owner)] = _with_outlines(owner, outline)
    return tuple(points)


def _is_outlined(layer: Loaded) -> bool:
    return "footprint" in layer.frame and bool(layer.frame["footprint"].notna().all())


def _owns(points: Loaded, outline: Loaded) -> bool:
    bare = "footprint" in points.frame and bool(points.frame["footprint"].isna().all())
    keys = ["kind", "code"]
    return bare and bool(_keys(outline.frame, keys).isin(_keys(points.frame, keys)).all())


def _keys(frame: pd.DataFrame, names: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[names])


def _with_outlines(points: Loaded, outline: Loaded) -> Loaded:
    keys = ["kind", "code"]
    shapes = outline.frame.set_index(keys)["footprint"]
    found = shapes.reindex(_keys(points.frame, keys))
    frame = points.frame.assign(footprint=found.set_axis(points.frame.index))
    values = {"layer": outline.report.layer, "count": len(outline.frame)}
    said = (Finding("outlines-joined", values=values), *outline.report.findings)
    report = replace(points.report, findings=(*points.report.findings, *said))
    return replace(points, frame=frame, report=report)
