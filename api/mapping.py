"""What the maps for others show: of the store, or of a file of grids alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.comparing import plan_row, today_of
from api.periods import between
from api.plan_comments import threads_told
from geo.comparison import Side, difference, side_of
from geo.crs import metric_crs
from geo.errors import MapNeedsError, MissingError
from geo.rules import load_rules
from geo.store.database import Connection
from geo.store.net.areas import ancestry, departmental_nets, net_names, read_areas
from geo.store.net.ground import read_ground
from geo.store.net.naming import area_names
from geo.store.net.places import read_loads
from geo.store.net.revisions import number_at, today
from geo.store.shown.heat import Cells, Heard, cells_of_box, heat, middles
from maps.report_page import AsOf, Kind, Picture, nothing

_OWN: Final = ("grid", "admin")  # nets whose maps say by their kind what they show
_HECTARE: Final = 10_000
_LEAST_M2: Final = 1.0  # smaller slivers are rounding
_FINEST_ZOOM: Final = 14
_MOST_CELLS: Final = 60_000
_MOST_GROUND: Final = 6_000
_BORDERS: Final = ("community", "subdistrict", "district")
_MOST_COMMUNITIES: Final = 400  # beyond, communities are as fine as grids


@dataclass(frozen=True)
class Wanted:
    """Which map; None: everything, of now."""

    kind: Kind
    scope: str | None = None
    plan: int | None = None
    net: str = "grid"
    since: date | None = None
    until: date | None = None


def picture_of_store(conn: Connection, wanted: Wanted) -> Picture:
    """Return a map of what is in force, of a plan, or of issues.

    Raises
    ------
    MapNeedsError
        When a plan is to be shown and none is named.
    MissingError
        When there is no such plan, net or area.
    """
    if wanted.scope is not None:
        ancestry(conn, wanted.scope)
    if wanted.net not in net_names(conn):
        raise MissingError(noun="net", noun_zh="网", key=wanted.net)
    if wanted.kind == "plan":
        return _plan(conn, wanted)
    if wanted.kind == "issues":
        return _issues(conn, wanted)
    areas = read_areas(conn, net=wanted.net, scope=wanted.scope)
    if wanted.kind == "net":
        return _picture(conn, wanted, areas, [("report.grids", f"{len(areas):,}")])
    if wanted.kind == "coverage":
        ground = read_areas(conn, net="admin", kind="community", scope=wanted.scope)
        faults = faults_of(areas, ground)
        return _picture(conn, wanted, areas, _faulty(areas, faults), faults=faults)
    side = _side(conn, areas, wanted.scope)
    return _picture(conn, wanted, side.grids, _banded(side))


def picture_of_file(kind: Kind, grids: gpd.GeoDataFrame, name: str) -> Picture:
    """Return a map of grids of a file: `code`, and where it has them `name`, `households`.

    Raises
    ------
    MapNeedsError
        When the map needs more than the file has.
    """
    if kind == "issues":
        raise MapNeedsError(kind=kind, what="诉求，只能画库里的", what_en="issues, of the store")
    if kind == "coverage":
        faults = faults_of(grids, None)
        return Picture(kind, name, (), grids, faults=faults, figures=_faulty(grids, faults))
    if kind == "net":
        return Picture(kind, name, (), grids, figures=[("report.grids", f"{len(grids):,}")])
    if "households" not in grids.columns:
        raise MapNeedsError(kind=kind, what="households 列", what_en="a column households")
    shown = _with_band(grids)
    return Picture(kind, name, (), shown, figures=_banded(Side(shown, pd.Series(dtype=object))))


def faults_of(areas: gpd.GeoDataFrame, ground: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Return the ground that no area covers, and that which two do, the largest first.

    Without `ground` gaps are the holes in all areas together. Columns kind, name, hectares.
    """
    if areas.empty:
        return nothing()
    west, south, east, north = areas.total_bounds
    plane = metric_crs((west + east) / 2, (south + north) / 2)
    # Laid over each other as they are, in degrees: a long side bends as it is projected, and would
    # leave that of a neighbour with more corners.
    shapes = np.asarray(areas.geometry.to_numpy(), dtype=object)
    found = [*_overlaps(areas, shapes), *_gaps(shapes, ground)]
    rows = pd.DataFrame(found, columns=["kind", "name", "geometry"])
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=areas.crs)
    sizes = frame.geometry.to_crs(plane).area
    kept = frame.assign(hectares=(sizes / _HECTARE).round(3))[sizes > _LEAST_M2]
    ordered = kept.sort_values("hectares", ascending=False, ignore_index=True)
    return ordered.assign(code="")


def _overlaps(areas: gpd.GeoDataFrame, shapes: Any) -> list[tuple[str, str, Any]]:  # noqa: ANN401
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = left < right
    both = shapely.intersection(shapes[left[pairs]], shapes[right[pairs]])
    names = areas["name"].to_numpy() if "name" in areas.columns else areas["code"].to_numpy()
    two = zip(names[left[pairs]], names[right[pairs]], both, strict=True)
    return [("overlap", f"{a} × {b}", _flat(shape)) for a, b, shape in two if _is_flat(shape)]


def _gaps(shapes: Any, ground: gpd.GeoDataFrame | None) -> list[tuple[str, str, Any]]:  # noqa: ANN401
    whole = shapely.union_all(shapes)
    if ground is None or ground.empty:
        rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
        return [("gap", f"#{n + 1}", shapely.Polygon(ring)) for n, ring in enumerate(rings)]
    rest = shapely.difference(np.asarray(ground.geometry.to_numpy()), whole)
    named = zip(ground["name"], rest, strict=True)
    return [("gap", str(name), _flat(shape)) for name, shape in named if _is_flat(shape)]


def _is_flat(shape: shapely.Geometry) -> bool:
    return bool(shapely.area(shape) > 0)


def _flat(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of an overlay, without lines and points where shapes only touch."""
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _plan(conn: Connection, wanted: Wanted) -> Picture:
    if wanted.plan is None:
        raise MapNeedsError(kind="plan", what="方案编号 --plan", what_en="the number of a plan")
    row = plan_row(conn, wanted.plan)
    scope = str(row["scope"])
    before = read_areas(conn, net="grid", scope=scope, at=today_of(conn, wanted.plan))
    after = read_areas(conn, net="grid", scope=scope, plan=wanted.plan)
    side = _side(conn, after.drop(columns="households", errors="ignore"), scope)
    old = before.set_index("code").geometry.reindex(side.grids["code"])
    same = shapely.equals_exact(
        shapely.normalize(old.to_numpy()), shapely.normalize(side.grids.geometry.to_numpy()), 1e-9
    )
    grids = side.grids.assign(changed=~same)
    moved = difference(
        _side(conn, before, scope), side, read_loads(conn, kind="building", scope=scope)
    )
    figures = [*_banded(side), ("report.changed", f"{int((~same).sum()):,}")]
    figures.append(("plan.moved", f"{moved.households:,}"))
    asked = Wanted("plan", scope, wanted.plan)
    said = threads_told(conn, wanted.plan)
    return _picture(conn, asked, grids, figures, title=str(row["title"]), comments=said)


def _issues(conn: Connection, wanted: Wanted) -> Picture:
    areas = read_areas(conn, net="admin", kind="community", scope=wanted.scope)
    since, until = between(wanted.since, wanted.until)
    west, south, east, north = areas.total_bounds if len(areas) else (0.0, 0.0, 0.0, 0.0)
    cells = _cells((west, south, east, north))
    found = middles(cells.level, heat(conn, cells, Heard(wanted.scope, since=since, until=until)))
    points = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), crs=areas.crs)
    owner, cell = areas.sindex.query(points, predicate="intersects")[::-1]
    counted = pd.Series(found["n"].to_numpy()[cell]).groupby(owner).sum()
    told = areas.assign(issues=counted.reindex(range(len(areas))).fillna(0).astype(int).to_numpy())
    last = wanted.until or today(conn)
    days = (last - wanted.since).days + 1 if wanted.since else 0
    total = [("report.issues-n", f"{int(found['n'].sum()):,}")]
    period = (str(wanted.since) if wanted.since else None, str(last))
    rows = found[["lon", "lat", "n"]].to_numpy().tolist()
    return _picture(conn, wanted, told, total, cells=rows, days=days, period=period)


def _cells(box: tuple[float, float, float, float]) -> Cells:
    """Return the finest cells of a box that a page can hold."""
    every = (cells_of_box(zoom, *box) for zoom in range(_FINEST_ZOOM, -1, -1))
    return next(
        cells for cells in every if cells.many <= _MOST_CELLS or cells.level <= _FINEST_ZOOM
    )


def _picture(
    conn: Connection,
    wanted: Wanted,
    areas: gpd.GeoDataFrame,
    figures: list[tuple[str, str]],
    **more: Any,  # noqa: ANN401 of Picture, and title and period
) -> Picture:
    scope = wanted.scope
    named = str(area_names(conn, "admin", [scope or ""]).get(scope or "", ""))
    net = wanted.net if wanted.kind != "issues" else "admin"
    other = "" if net in _OWN else _called(conn, net)
    title = str(more.pop("title", "")) or named or other
    of = " · ".join(part for part in (named, other) if part and part != title)
    lines = [of] if of else []
    ground = nothing()
    if scope is not None:
        ground = read_ground(conn, scope, most=_MOST_GROUND)
    drawn = {"borders": _borders(conn, scope), "ground": ground, **more}
    as_of = AsOf(number_at(conn, net, None), str(today(conn)))
    return Picture(wanted.kind, title, lines, areas, figures=figures, as_of=as_of, **drawn)


def _called(conn: Connection, net: str) -> str:
    """Return what people call a net; one that nobody has called is its code."""
    return next((each["name"] for each in departmental_nets(conn) if each["net"] == net), net)


def _borders(conn: Connection, scope: str | None) -> gpd.GeoDataFrame:
    admin = read_areas(conn, net="admin", scope=scope)
    kinds = [kind for kind in _BORDERS if (admin["kind"] == kind).sum() <= _MOST_COMMUNITIES]
    shown: gpd.GeoDataFrame = admin[admin["kind"].isin(kinds)]
    return shown


def _side(conn: Connection, grids: gpd.GeoDataFrame, scope: str | None) -> Side:
    communities = read_areas(conn, net="admin", kind="community", scope=scope)
    buildings = read_loads(conn, kind="building", scope=scope)
    return side_of(grids, buildings, communities=communities, rules=load_rules())


def _with_band(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    band = load_rules().band("urban")
    low, high = (band.low, band.high) if band else (np.nan, np.nan)
    special = grids["special"] if "special" in grids.columns else False
    defaults = {"low": low, "high": high}
    bands = {name: value for name, value in defaults.items() if name not in grids.columns}
    return grids.assign(special=special, **bands)


def _banded(side: Side) -> list[tuple[str, str]]:
    good, of = side.in_band()
    households = int(side.grids["households"].fillna(0).sum())
    in_band = ("report.in-band", f"{good:,}\u00a0/\u00a0{of:,}")
    return [
        ("report.grids", f"{len(side.grids):,}"),
        in_band,
        ("report.households", f"{households:,}"),
    ]


def _faulty(areas: gpd.GeoDataFrame, faults: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    kinds = faults["kind"] if len(faults) else pd.Series(dtype=object)
    gaps, overlaps = int((kinds == "gap").sum()), int((kinds == "overlap").sum())
    counts = [("report.gaps", f"{gaps:,}"), ("report.overlaps", f"{overlaps:,}")]
    return [("report.grids", f"{len(areas):,}"), *counts]
