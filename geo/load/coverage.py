"""The areas of a layer against each other: overlaps, gaps, vertices a neighbour lacks.

A sliver is mended and listed; a real overlap is a question, never mended; a wide gap is listed as
unowned land. Which nets must tile the land, and which only must not overlap, is the list `NETS`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.load import hierarchy, overlays, twins
from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import (
    Checked,
    Geometries,
    Mask,
    accepted,
    place_of,
    rejected,
    shapes_of,
    short_wkt,
    undo,
    was,
)
from geo.load.seams import lacking, misfits, with_vertices
from geo.load.slivers import OPEN_REACH, Mended, rejoined, without_gaps, without_overlaps

# Net (or its beginning) → may its areas leave gaps? Nets not listed may overlap too: base, lane.
NETS: Final = (("admin", False), ("grid", False), ("dept-", False), ("estate", True))
# A centimetre in degrees: a vertex this near to an overlap belongs to it.
_ON_PIECE: Final = 1e-7
_NEIGHBOURS_SHOWN: Final = 4


class _Layer(NamedTuple):
    """Areas of one net and kind, and how they are called."""

    rows: NDArray[np.int64]
    names: list[str]
    rank: NDArray[np.int64]  # the owner's order: special first, then the lowest code
    title: str
    may_gap: bool
    system: str
    original: Geometries  # before spikes were cut: what the file holds is what is counted


def check(
    frame: gpd.GeoDataFrame, *, options: ReadOptions, earlier: tuple[Finding, ...] = ()
) -> Checked:
    """Return the areas once each, slivers mended, and everything found about their borders.

    `frame` has valid geometries in WGS 84, indexed by source row; `net`, `kind`, `code` and
    `special` are used where there. Lines are passed over. `earlier` are the findings of
    `polygons.check`: gaps are counted as they were before spikes were cut.
    """
    original = undo(frame, [f for f in earlier if f.code == "polygon-spike"]).geometry
    checked = twins.check(frame, options=options)
    for rows, title, may_gap in _layers(checked.frame):
        part = checked.frame.loc[checked.frame.index.intersection(rows)]
        layer = _named(part, title, original.loc[part.index], may_gap=may_gap)
        checked = checked.then(_checked_layer(checked.frame, part, layer, options))
    return checked.then(hierarchy.check(checked.frame, options=options))


def _layers(frame: gpd.GeoDataFrame) -> list[tuple[pd.Index, str, bool]]:
    """Return the source rows of each net and kind that must not overlap."""
    polygons = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    if "net" not in frame.columns:
        return [(polygons.index, "", False)] if len(polygons) else []
    kinds = polygons["kind"] if "kind" in polygons.columns else polygons["net"]
    found = []
    for (net, kind), rows in polygons.groupby([polygons["net"], kinds], sort=False):
        gap = [may_gap for start, may_gap in NETS if str(net).startswith(start)]
        if gap:
            found.append((rows.index, f"{net}/{kind}", gap[0]))
    return found


def _checked_layer(
    frame: gpd.GeoDataFrame, part: gpd.GeoDataFrame, layer: _Layer, options: ReadOptions
) -> Checked:
    shapes = shapes_of(part)
    if overlays.are_piled(shapes):
        values = {"kind": layer.title or "areas", "count": len(part)}
        return Checked(frame, (Finding("overlaps-everywhere", values=values),))
    broken = misfits(shapes)
    if not broken.any():
        return Checked(
            frame, () if layer.may_gap else _unowned(layer, _measured_gaps(shapes, layer))
        )
    mended, findings = _mended(layer, shapes, broken, options)
    changed = [bool(old is not new) for old, new in zip(shapes, mended, strict=True)]
    findings = _undoable(findings, was(part, "geometry", part.index[changed])["geometry"])
    whole = frame.geometry.copy()
    whole.loc[part.index] = gpd.GeoSeries(mended, index=part.index, crs=WGS84)
    return _answered(frame.set_geometry(whole), findings, options)


def _named(part: gpd.GeoDataFrame, title: str, original: gpd.GeoSeries, *, may_gap: bool) -> _Layer:
    codes = part["code"] if "code" in part.columns else pd.Series(part.index, index=part.index)
    names = [str(code) for code in codes]
    plain = np.zeros(len(part), dtype=bool)
    if "special" in part.columns:
        plain = ~part["special"].fillna(value=False).astype(bool).to_numpy()
    order = sorted(range(len(names)), key=lambda n: (bool(plain[n]), names[n].encode()))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    system = overlays.survey_crs(shapes_of(part))
    as_read = np.asarray(original, dtype=object)
    return _Layer(part.index.to_numpy(), names, rank, title, may_gap, system, as_read)


def _measured_gaps(shapes: Geometries, layer: _Layer) -> pd.DataFrame:
    """Return the gaps of a coverage that is valid in degrees, measured in metres."""
    holes = overlays.projected(overlays.enclosed(shapes), WGS84, layer.system)
    table = pd.DataFrame({"shape": holes, "area": shapely.area(holes)})
    table = table[table["area"] >= overlays.IGNORED_AREA]
    return _neighboured(layer, shapes, table.assign(group="real"))


def _neighboured(layer: _Layer, shapes: Geometries, holes: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps with the codes of the areas next to each."""
    here = overlays.in_degrees(np.asarray(holes["shape"], dtype=object), layer.system)
    hole, near = shapely.STRtree(shapes).query(here, predicate="dwithin", distance=1e-7)
    parts = np.split(near, np.searchsorted(hole, np.arange(1, len(holes)))) if len(holes) else []
    return holes.assign(around=[_listed(layer, places) for places in parts])


def _listed(layer: _Layer, places: NDArray[np.intp]) -> str:
    codes = sorted({layer.names[place] for place in places.tolist()})
    more = " …" if len(codes) > _NEIGHBOURS_SHOWN else ""
    return ", ".join(codes[:_NEIGHBOURS_SHOWN]) + more


def _mended(
    layer: _Layer, raw: Geometries, broken: Mask, options: ReadOptions
) -> tuple[Geometries, tuple[Finding, ...]]:
    """Return the shapes without slivers, and a line for every overlap and gap.

    Overlaps and gaps are measured once all borders share their vertices, so that a vertex missing
    on a long edge is not taken for a sliver.
    """
    table = lacking(raw[broken])
    pairs, holes = _defects(layer, raw, broken, table)
    shapes, findings = _rejoined(layer, raw, broken, _apart(table, pairs, layer.system))
    thin = pairs[pairs["group"] == "sliver"]
    cut = without_overlaps(shapes, thin, layer.rank)
    narrow = holes[holes["group"] == "sliver"]
    filled = _filled(cut.shapes, narrow, layer.system)
    touched = np.array([old is not new for old, new in zip(shapes, filled.shapes, strict=True)])
    result = rejoined(filled.shapes, touched) if touched.any() else shapes
    return result, (
        *_summary(layer, pairs, holes),
        *findings,
        *_overlaps(layer, pairs[pairs["group"] == "real"], options),
        *_given(layer, thin, cut.owners, "overlap-sliver"),
        *_given(layer, narrow, filled.owners, "gap-sliver"),
        *_unowned(layer, _neighboured(layer, shapes, holes[holes["group"] == "real"])),
    )


def _filled(shapes: Geometries, holes: pd.DataFrame, system: str) -> Mended:
    """Return the shapes with the slivers inside, then those open to the outside, given away."""
    degrees = overlays.in_degrees(np.asarray(holes["shape"], dtype=object), system)
    wide = holes["open"].to_numpy(dtype=bool) if len(holes) else np.zeros(0, dtype=bool)
    closed = without_gaps(shapes, degrees[~wide])
    opened = without_gaps(closed.shapes, degrees[wide], OPEN_REACH)
    owners = np.full(len(holes), -1)
    owners[~wide], owners[wide] = closed.owners, opened.owners
    return Mended(opened.shapes, owners)


def _defects(
    layer: _Layer, raw: Geometries, broken: Mask, table: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the overlaps (with places in the layer) and, where it must tile, the gaps."""
    shapes = raw.copy()
    shapes[broken] = with_vertices(raw[broken], table)
    metres = overlays.in_metres(shapes, layer.system)
    places = np.flatnonzero(broken)
    pairs = overlays.overlaps(metres[broken])
    pairs = pairs.assign(a=places[pairs["a"]], b=places[pairs["b"]])
    holes = overlays.gaps(metres)
    if layer.may_gap:
        return pairs, holes.iloc[:0]
    return pairs, pd.concat([holes, overlays.inlets(metres[broken])], ignore_index=True)


def _apart(table: pd.DataFrame, pairs: pd.DataFrame, system: str) -> pd.DataFrame:
    """Return the vertices missing on plain borders: those of an overlap are not a line more."""
    pieces = overlays.in_degrees(np.asarray(pairs["shape"], dtype=object), system)
    points = shapely.points(table[["lon", "lat"]].to_numpy(dtype=np.float64).reshape(-1, 2))
    near = shapely.STRtree(pieces).query(points, predicate="dwithin", distance=_ON_PIECE)[0]
    return table.drop(index=table.index[np.unique(near)])


def _rejoined(
    layer: _Layer, raw: Geometries, broken: Mask, table: pd.DataFrame
) -> tuple[Geometries, tuple[Finding, ...]]:
    """Return the shapes with the vertices neighbours have, and the line that says so."""
    if table.empty:
        return raw, ()
    joined = raw.copy()
    joined[broken] = with_vertices(raw[broken], table)
    places = np.flatnonzero(broken)[np.unique(table["place"].to_numpy())]
    finding = Finding(
        "vertex-missing",
        layer.rows[places],
        values={"count": len(table)},
        place=(float(table["lon"].iloc[0]), float(table["lat"].iloc[0])),
        geometry=shapely.multipoints(table[["lon", "lat"]].to_numpy()),
    )
    return joined, (finding,)


def _summary(layer: _Layer, pairs: pd.DataFrame, holes: pd.DataFrame) -> tuple[Finding, ...]:
    """Return the totals: gaps are counted in the file as it is, before any vertex is inserted."""
    if pairs.empty and holes.empty:
        return ()
    groups, classes = pairs["group"].value_counts(), holes["group"].value_counts()
    listed = int(classes.get("sliver", 0) + classes.get("real", 0))
    counted = len(overlays.gaps(overlays.in_metres(layer.original, layer.system)))
    total = max(listed, counted)
    values = {
        "kind": layer.title or "areas",
        "overlaps": int(groups.get("sliver", 0) + groups.get("real", 0)),
        "overlap_slivers": int(groups.get("sliver", 0)),
        "overlaps_real": int(groups.get("real", 0)),
        "overlaps_ignored": int(groups.get("ignored", 0)),
        "gaps": total,
        "gap_slivers": int(classes.get("sliver", 0)),
        "gaps_real": int(classes.get("real", 0)),
        "gaps_ignored": total - listed,
    }
    return (Finding("coverage", values=values),)


def _overlaps(layer: _Layer, pairs: pd.DataFrame, options: ReadOptions) -> tuple[Finding, ...]:
    severity: Severity | None = None
    if accepted(options, "overlap"):
        severity = "info"
    if rejected(options, "overlap"):
        severity = "quarantined"
    pairs = pairs.sort_values("area", ascending=False, kind="stable")  # the worst first
    shown = overlays.in_degrees(np.asarray(pairs["shape"], dtype=object), layer.system)
    return tuple(
        Finding(
            "overlap",
            layer.rows[[pair["a"], pair["b"]]],
            values={
                "a": layer.names[pair["a"]],
                "b": layer.names[pair["b"]],
                "area": f"{pair['area']:,.1f}",
            },
            place=place_of(shape),
            geometry=shape,
            severity=severity,
        )
        for pair, shape in zip(pairs.to_dict("records"), shown, strict=True)
    )


def _given(
    layer: _Layer, slivers: pd.DataFrame, owners: NDArray[np.int64], code: str
) -> tuple[Finding, ...]:
    """Return a line for each sliver given away, and one for those left alone."""
    shown = overlays.in_degrees(np.asarray(slivers["shape"], dtype=object), layer.system)
    lines = [
        _sliver_line(layer, record, owner, shape, code)
        for record, owner, shape in zip(slivers.to_dict("records"), owners, shown, strict=True)
        if owner >= 0
    ]
    left = np.flatnonzero(owners < 0)
    if len(left):
        values = {"count": len(left), "reason": "修复后图形无效或不相连 no sound neighbour"}
        place, shape = place_of(shown[left[0]]), shapely.union_all(shown[left])
        lines.append(Finding("sliver-kept", values=values, place=place, geometry=shape))
    return tuple(lines)


def _sliver_line(
    layer: _Layer, sliver: dict[str, object], owner: int, shape: shapely.Geometry, code: str
) -> Finding:
    pair = [int(str(sliver[side])) for side in ("a", "b") if side in sliver] or [int(owner)]
    values: dict[str, object] = {"owner": layer.names[owner], "area": f"{sliver['area']:,.1f}"}
    values |= dict(zip(("a", "b"), [layer.names[place] for place in pair], strict=False))
    before = " + ".join(layer.names[place] for place in pair) if len(pair) > 1 else "—"
    return Finding(
        code,
        layer.rows[pair],
        place=place_of(shape),
        values={**values, "wkt": short_wkt(shape)},
        before=before,
        after=layer.names[owner],
        geometry=shape,
    )


def _unowned(layer: _Layer, holes: pd.DataFrame) -> tuple[Finding, ...]:
    holes = holes.sort_values("area", ascending=False, kind="stable")
    shown = overlays.in_degrees(np.asarray(holes["shape"], dtype=object), layer.system)
    return tuple(
        Finding(
            "gap",
            values={"area": f"{hole['area']:,.1f}", "neighbours": hole["around"]},
            place=place_of(shape),
            geometry=shape,
        )
        for hole, shape in zip(holes.to_dict("records"), shown, strict=True)
    )


def _undoable(findings: tuple[Finding, ...], cells: dict[int, object]) -> tuple[Finding, ...]:
    """Return the findings with what their rows were, where they tell of a repair.

    Rows changed only to keep a mended neighbour's vertices join the first repair.
    """
    repairs = [n for n, finding in enumerate(findings) if finding.severity == "repaired"]
    told = {row for n in repairs for row in findings[n].rows}
    extra = tuple(row for row in cells if row not in told)
    result = list(findings)
    for n in repairs:
        rows = (*findings[n].rows, *(extra if n == repairs[0] else ()))
        kept = {row: cells[row] for row in rows if row in cells}
        said = findings[n].values  # noqa: PD011 a finding is not a frame
        values = {**said, "was": {"geometry": kept}}
        result[n] = replace(findings[n], rows=rows, values=values)
    return tuple(result)


def _answered(
    frame: gpd.GeoDataFrame, findings: tuple[Finding, ...], options: ReadOptions
) -> Checked:
    """Return the result without the rows of overlaps that were rejected."""
    if not rejected(options, "overlap"):
        return Checked(frame, findings)
    aside = {row for f in findings if f.severity == "quarantined" for row in f.rows}
    return Checked(frame.drop(index=list(aside)), findings)
