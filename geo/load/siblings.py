"""Layers of areas of one file against each other: what one leaves open another may fill.

Special grids lie in a layer of their own and are cut out of the ordinary ones; communities name
parents that lie in the layer above.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.load import hierarchy, overlays
from geo.load.findings import Finding, Loaded, ReadOptions
from geo.load.repairs import Geometries, Mask, accepted, place_of, shapes_of

_FILLED_SHARE: Final = 0.99


class _Layer(NamedTuple):
    """Areas of a layer, those of them that `_grids` names, and which of two tells of overlaps.

    The lesser tells: the one with fewer grids; of two with as many, the one that has lower codes.
    Of some hundred layers most lie apart: `box`, around all its areas, spares looking closer.
    """

    frame: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame
    order: tuple[int, list[str]]
    box: shapely.Polygon


def settled(layers: tuple[Loaded, ...], options: ReadOptions) -> tuple[Loaded, ...]:
    """Return the layers, each held against the areas of the others and the areas known."""
    usable = [_layer(layer.frame) for layer in layers if len(layer.frame)]
    known = [] if options.known is None else [options.known]
    frames = [*(each.frame for each in usable), *known] if len(usable) > 1 else []
    above = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84) if frames else None
    return tuple(_settled(layer, usable, known, above, options) for layer in layers)


def _layer(frame: gpd.GeoDataFrame) -> _Layer:
    grids = _grids(frame)
    order = (len(grids), sorted(frame["code"].astype("str")))
    return _Layer(frame, grids, order, shapely.box(*shapely.total_bounds(shapes_of(frame))))


def _settled(
    layer: Loaded,
    usable: list[_Layer],
    known: list[gpd.GeoDataFrame],
    above: gpd.GeoDataFrame | None,
    options: ReadOptions,
) -> Loaded:
    own = next((each for each in usable if each.frame is layer.frame), None)
    others = [each for each in usable if each is not own]
    if own is None or not (others or known):
        return layer
    beside = [other for other in others if shapely.intersects(own.box, other.box)]
    findings = _without_filled(layer, [*(other.frame for other in beside), *known])
    for other in beside:
        if own.order < other.order:
            findings += _crossing(own.grids, other.grids, options)
    for frame in _in_force(layer, known):
        findings += _crossing(own.grids, _grids(frame), options, mark="（现行 in force）")
    if above is not None:  # own areas stand in it too: they are looked for in the layer first
        told = {f.code for f in findings}
        parents = above[above["code"].isin(layer.frame["parent"])]
        checked = hierarchy.check(layer.frame, options=replace(options, known=parents))
        findings += tuple(f for f in checked.findings if f.code not in told)
    return replace(layer, report=replace(layer.report, findings=findings))


def _of_nets(frame: gpd.GeoDataFrame, nets: set[str]) -> gpd.GeoDataFrame:
    return frame[frame["net"].isin(nets)] if "net" in frame.columns else frame.iloc[:0]


def _without_filled(layer: Loaded, others: list[gpd.GeoDataFrame]) -> tuple[Finding, ...]:
    """Return the findings less the gaps that areas of the same net in other layers fill."""
    findings = layer.report.findings
    gaps = [n for n, finding in enumerate(findings) if finding.code == "gap"]
    nets = set(layer.frame["net"])
    same = [f for frame in others if gaps and len(f := _of_nets(frame, nets))]
    if not same:
        return findings
    shapes = np.concatenate([shapes_of(frame) for frame in same])
    holes = np.array([findings[n].geometry for n in gaps], dtype=object)
    filled = {n for n, full in zip(gaps, _filled(holes, shapes), strict=True) if full}
    return tuple(finding for n, finding in enumerate(findings) if n not in filled)


def _filled(holes: Geometries, shapes: Geometries) -> Mask:
    hole, near = shapely.STRtree(shapes).query(holes, predicate="intersects")
    shared = shapely.area(shapely.intersection(holes[hole], shapes[near]))
    covered = np.bincount(hole, weights=shared, minlength=len(holes))
    return np.asarray(covered >= _FILLED_SHARE * shapely.area(holes), dtype=bool)


def _in_force(layer: Loaded, known: list[gpd.GeoDataFrame]) -> list[gpd.GeoDataFrame]:
    """Return the areas known that the layer does not replace, once positions are sure."""
    if any(finding.code == "datum-unknown" for finding in layer.report.findings):
        return []
    frames = [frame for frame in known if {"net", "code"} <= set(frame.columns)]
    return [frame[~frame["code"].isin(layer.frame["code"])] for frame in frames]


def _crossing(
    ours: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame, options: ReadOptions, *, mark: str = ""
) -> tuple[Finding, ...]:
    """Return real overlaps with grids of another layer, or in force (as `mark` says)."""
    if ours.empty or theirs.empty:
        return ()
    met, near = shapely.STRtree(shapes_of(theirs)).query(shapes_of(ours), predicate="intersects")
    if not len(met):
        return ()
    ours, theirs = ours.iloc[np.unique(met)], theirs.iloc[np.unique(near)]
    system = overlays.survey_crs(np.concatenate([shapes_of(ours), shapes_of(theirs)]))
    sides = (overlays.in_metres(shapes_of(side), system) for side in (ours, theirs))
    pairs = overlays.crossings(*sides)
    pairs = pairs[pairs["group"] == "real"]
    shown = overlays.in_degrees(np.asarray(pairs["shape"], dtype=object), system)
    return tuple(
        Finding(
            "overlap",
            [ours.index[pair["a"]]],
            values={
                "a": ours["code"].iloc[pair["a"]],
                "b": f"{theirs['code'].iloc[pair['b']]}{mark}",
                "area": f"{pair['area']:,.1f}",
            },
            place=place_of(shape),
            geometry=shape,
            severity="info" if accepted(options, "overlap") else None,
        )
        for pair, shape in zip(pairs.to_dict("records"), shown, strict=True)
    )


def _grids(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas of the grid net: the one whose special areas may lie in another layer."""
    return frame[frame["net"] == "grid"]
