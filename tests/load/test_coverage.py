"""Areas against each other: noise ignored, slivers mended, real overlaps asked about."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.load import coverage, overlays, polygons, repairs, seams, slivers
from geo.load.findings import ReadOptions
from geo.load.repairs import Checked
from tests.load.drawn import areas, box, polygon, tiles

PLAIN = ReadOptions()
COUNCILS = Path("../shared/data/la_neighborhood_councils_2019.fgb")


def check(frame: gpd.GeoDataFrame, options: ReadOptions = PLAIN) -> Checked:
    return coverage.check(frame, options=options)


def said(checked: Checked) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(f.code, f.severity, f.rows) for f in checked.findings if f.code != "coverage"]


def is_coverage(frame: gpd.GeoDataFrame) -> bool:
    return bool(shapely.coverage_is_valid(np.asarray(frame.geometry, dtype=object)))


def restored(checked: Checked, frame: gpd.GeoDataFrame) -> bool:
    back = repairs.undo(checked.frame, checked.findings).geometry
    return bool(shapely.equals_exact(back, frame.geometry.loc[back.index]).all())


def test_a_valid_coverage_of_nineteen_thousand_raises_nothing() -> None:
    frame = tiles(138, step=300.0, jitter=80.0)
    start = time.process_time()
    checked = check(frame)
    assert checked.findings == ()
    assert checked.frame.geometry.equals(frame.geometry)
    assert time.process_time() - start < 20  # two seconds on an idle machine


def test_an_area_wholly_inside_another_is_an_overlap() -> None:
    """Only the inner border is odd, the outer area fits its neighbours."""
    frame = areas([box(0, 0, 300, 300), box(300, 0, 600, 300), box(100, 100, 200, 200)])
    checked = check(frame)
    assert said(checked) == [("overlap", "question", (1, 3))]


def test_an_area_that_reaches_over_half_the_world_is_measured_though_it_crosses_itself() -> None:
    """In degrees it is sound; in the system of the middle its sides cross."""
    far = [(117.01, 36.6), (1.0, 89.0), (117.0, 36.61), (117.01, 36.61)]
    shapes = [shapely.Polygon(far), shapely.box(117.0, 36.6, 117.01, 36.61)]
    frame = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=shapes, crs="EPSG:4326", index=[1, 2])
    assert frame.geometry.is_valid.all()
    assert {"coverage", "overlap"} <= {finding.code for finding in check(frame).findings}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=2, max_size=7, unique=True))
def test_every_pair_that_overlaps_is_said(corners: list[tuple[int, int, int, int]]) -> None:
    boxes = [box(100 * x, 100 * y, 100 * (x + w + 1), 100 * (y + h + 1)) for x, y, w, h in corners]
    frame = areas(boxes)
    pairs = itertools.combinations(frame.index, 2)
    shared = {(a, b): boxes[a - 1].intersection(boxes[b - 1]).area for a, b in pairs}
    told = {f.rows for f in check(frame).findings if f.code == "overlap"}
    assert told == {pair for pair, area in shared.items() if area > 0}


def test_a_sliver_overlap_goes_to_the_owner_by_the_rule() -> None:
    frame = areas([box(0, 0, 300, 300), box(299, -50, 600, 350)])
    checked = check(frame)
    assert said(checked) == [("overlap-sliver", "repaired", (1, 2))]
    assert checked.findings[0].code == "coverage"
    a, b = checked.frame.geometry
    assert a.equals(frame.geometry[1])
    assert a.intersection(b).area == 0
    assert is_coverage(checked.frame)
    assert restored(checked, frame)


def test_a_special_area_keeps_the_sliver() -> None:
    frame = areas([box(0, 0, 300, 300), box(299, 0, 600, 300)], special=[False, True])
    checked = check(frame)
    assert checked.frame.geometry[2].equals(frame.geometry[2])
    assert not checked.frame.geometry[1].equals(frame.geometry[1])


def test_a_real_overlap_is_asked_about_and_left_as_it_is() -> None:
    frame = areas([box(0, 0, 300, 300), box(250, 0, 600, 300)])
    checked = check(frame)
    assert said(checked) == [("overlap", "question", (1, 2))]
    finding = checked.findings[-1]
    assert "a and b overlap by 15,0" in finding.en
    assert finding.geometry is not None
    assert checked.frame.geometry.equals(frame.geometry)


def test_an_accepted_overlap_stays_and_a_rejected_one_goes() -> None:
    frame = areas([box(0, 0, 300, 300), box(250, 0, 600, 300), box(900, 0, 999, 99)])
    kept = check(frame, ReadOptions(accept=frozenset({"overlaps"})))
    assert said(kept) == [("overlap", "info", (1, 2))]
    assert len(kept.frame) == 3
    out = check(frame, ReadOptions(reject=frozenset({"overlaps"})))
    assert out.frame.index.tolist() == [3]


def test_an_overlap_below_a_square_metre_is_counted_only() -> None:
    frame = areas([box(0, 0, 300, 300), box(299.999, 0, 600, 300)])
    checked = check(frame)
    assert said(checked) == []
    assert "1 below 1 m² ignored" in checked.findings[0].en
    assert checked.frame.geometry.equals(frame.geometry)


def test_a_sliver_gap_goes_to_its_neighbour() -> None:
    right = polygon((300, 0), (600, 0), (600, 300), (300, 300), (301, 280), (301, 20))
    frame = areas([box(0, 0, 300, 300), right])
    checked = check(frame)
    assert [code for code, _, _ in said(checked)] == ["gap-sliver"]
    assert is_coverage(checked.frame)
    assert checked.frame.union_all().area == pytest.approx(box(0, 0, 600, 300).area, rel=1e-9)
    assert restored(checked, frame)


@pytest.mark.parametrize(
    "right", [box(301, 0, 600, 300), polygon((300, 0), (600, 0), (600, 300), (301.5, 300))]
)
def test_a_sliver_open_to_the_outside_is_closed_too(right: shapely.Polygon) -> None:
    frame = areas([box(0, 0, 300, 300), right])
    checked = check(frame)
    assert [code for code, _, _ in said(checked)] == ["gap-sliver"]
    assert is_coverage(checked.frame)
    assert checked.frame.union_all().area == pytest.approx(box(0, 0, 600, 300).area, rel=1e-6)
    assert restored(checked, frame)


def test_a_wide_gap_is_unowned_land() -> None:
    frame = tiles(3).drop(index=5)
    checked = check(frame)
    assert said(checked) == [("gap", "info", ())]
    assert "Unowned" in checked.findings[-1].en
    assert checked.findings[-1].place == pytest.approx(tiles(3).geometry[5].centroid.coords[0])


def test_estates_may_leave_gaps_and_base_layers_may_overlap() -> None:
    ring = tiles(3).drop(index=5)
    assert said(check(ring.assign(net="estate", kind="estate"))) == []
    crossing = areas([box(0, 0, 300, 300), box(250, 0, 600, 300)], net="base", kind="green")
    assert said(check(crossing)) == []


def test_nets_and_kinds_are_held_apart() -> None:
    frame = areas(
        [box(0, 0, 300, 300), box(0, 0, 300, 300)],
        kind=["community", "grid"],
        net=["admin", "grid"],
    )
    assert said(check(frame)) == []


@pytest.mark.parametrize("flat", [False, True])
def test_a_vertex_the_neighbour_lacks_is_inserted(flat: bool) -> None:  # noqa: FBT001 a parameter
    pieces = [box(0, 0, 3000, 3000), box(3000, 0, 6000, 1500), box(3000, 1500, 6000, 3000)]
    if flat:
        pieces = [box(0, 0, 3000, 3000), box(0, 3000, 1500, 6000), box(1500, 3000, 3000, 6000)]
    frame = areas(pieces)
    checked = check(frame)
    assert said(checked) == [("vertex-missing", "repaired", (1,))]
    assert is_coverage(checked.frame)
    assert restored(checked, frame)


def test_the_same_row_twice_is_kept_once() -> None:
    frame = areas([box(0, 0, 300, 300)] * 2, code="a")
    checked = check(frame)
    assert said(checked) == [("row-repeated", "quarantined", (2,))]
    assert checked.frame.index.tolist() == [1]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (areas([box(0, 0, 300, 300), box(300, 0, 600, 300)], code="a"), "code-repeated"),
        (areas([box(0, 0, 300, 300)] * 2), "geometry-repeated"),
    ],
)
def test_a_doubtful_repeat_is_a_question(frame: gpd.GeoDataFrame, code: str) -> None:
    asked = check(frame)
    assert said(asked) == [(code, "question", (1, 2))]
    assert asked.held == (2,)
    first = check(frame, ReadOptions(accept=frozenset({"duplicates"})))
    assert said(first) == [(code, "quarantined", (2,))]
    none = check(frame, ReadOptions(reject=frozenset({"duplicates"})))
    assert none.frame.empty


def test_rows_without_codes_can_be_told_by_shape_only() -> None:
    bare = areas([box(0, 0, 300, 300)] * 2).drop(columns=["net", "kind", "code"])
    assert said(check(bare)) == [("geometry-repeated", "question", (1, 2))]
    assert said(check(bare.iloc[:1])) == []
    assert check(bare.iloc[:0]).findings == ()


def test_a_child_outside_its_parent_is_a_question() -> None:
    frame = areas(
        [box(0, 0, 300, 300), box(200, 0, 400, 100), box(0, 0, 100, 300.5)],
        net="admin",
        kind=["subdistrict", "community", "community"],
        parent=[None, "a", "a"],
    ).drop(index=[])
    frame.loc[2, "kind"] = "grid"
    asked = check(frame)
    assert said(asked) == [("outside-parent", "question", (2,))]
    kept = check(frame, ReadOptions(accept=frozenset({"outside"})))
    assert said(kept) == [("outside-parent", "info", (2,))]
    out = check(frame, ReadOptions(reject=frozenset({"outside"})))
    assert out.frame.index.tolist() == [1, 3]


def test_a_parent_nobody_has_is_listed_where_some_are_known() -> None:
    known = areas([box(0, 0, 300, 300)], code=["p"], net="admin", kind="community")
    frame = areas([box(0, 0, 100, 100), box(100, 0, 200, 100)], parent=["p", "q"])
    options = ReadOptions(known=known)
    assert said(check(frame, options)) == [("parent-missing", "info", (2,))]
    assert said(check(frame.assign(parent="q"), options)) == []
    assert said(check(frame.drop(columns=["net"]).assign(parent="p"), options)) == []


def test_lines_are_passed_over() -> None:
    line = shapely.LineString([(117.0, 36.6), (117.01, 36.6)])
    assert check(areas([line, line], net="lane", kind="lane", code=["x", "y"])).held == (2,)
    assert check(areas([line], net="lane", kind="lane")).findings == ()
    frame = areas([line], net="lane", kind="lane", parent="a")
    known = areas([box(0, 0, 300, 300)])
    assert check(frame, ReadOptions(known=known)).findings == ()


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(0, 24), st.sampled_from([(0.7, 0.0), (-0.7, 0.0), (0.0, 0.6)])),
        max_size=4,
        unique_by=lambda move: move[0],  # two neighbours are then less than a sliver's width apart
    )
)
def test_mending_loses_no_row_and_undoes_exactly(
    moves: list[tuple[int, tuple[float, float]]],
) -> None:
    frame = tiles(5, jitter=20.0, seed=3)
    shapes = list(frame.geometry)
    for place, (east, north) in moves:
        shift = np.array([east, north]) / 111_195.0
        shapes[place] = shapely.transform(shapes[place], lambda xy, by=shift: xy + by)
    moved = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    checked = check(moved)
    asked = {row for f in checked.findings if f.severity == "question" for row in f.rows}
    assert checked.frame.index.equals(moved.index)
    assert checked.frame.geometry.is_valid.all()
    assert restored(checked, moved)
    total = moved.union_all().area
    assert checked.frame.union_all().area == pytest.approx(total, rel=0.02)
    assert not asked


def test_vertices_that_would_break_a_polygon_are_not_inserted() -> None:
    shapes = np.array([box(0, 0, 1, 1), box(5, 5, 6, 6)], dtype=object)
    assert seams.matched(shapes) is shapes


def test_a_sliver_nobody_borders_is_left_alone() -> None:
    shapes = np.array([box(0, 0, 100, 100)], dtype=object)
    far = np.array([box(500, 0, 501, 100)], dtype=object)
    assert slivers.without_gaps(shapes, far).owners.tolist() == [-1]
    frame = areas([box(0, 0, 100, 100), box(98.5, 0, 99.5, 100)])
    assert [c for c, _, _ in said(check(frame))] == ["sliver-kept"]


def test_a_sliver_that_would_not_join_its_neighbour_is_left_alone() -> None:
    shapes = np.array([box(0, 0, 100, 100)], dtype=object)
    corner = polygon((100, 100), (101, 100), (101, 200), (100, 200))
    beside = polygon((100, 0), (101, 0), (101, 90), (100, 90))
    mended = slivers.without_gaps(shapes, np.array([corner, beside], dtype=object))
    assert mended.owners.tolist() == [-1, 0]


def test_cities_are_measured_in_their_own_system() -> None:
    helsinki = np.array([shapely.Point(24.94, 60.17)], dtype=object)
    assert overlays.survey_crs(helsinki) == "EPSG:3879"
    assert overlays.survey_crs(np.array([shapely.Point(2.3, 48.8)])) == "EPSG:32631"


@pytest.mark.skipif(not COUNCILS.exists(), reason="the shared real data are not here")
def test_the_councils_of_los_angeles_overlap_and_gape_as_counted() -> None:
    frame = gpd.read_file(COUNCILS).assign(net="dept-nc", kind="grid")
    frame["code"] = frame["nc_id"].astype("str")
    rows = polygons.check(frame, datum="wgs84", options=PLAIN)
    checked = rows.then(coverage.check(rows.frame, options=PLAIN, earlier=rows.findings))
    summary = next(f for f in checked.findings if f.code == "coverage")
    assert "192 overlaps (142 slivers, 50 real" in summary.en
    assert "4459 gaps" in summary.en
    codes = [code for code, _, _ in said(checked)]
    counts = [codes.count(slug) for slug in ("overlap", "overlap-sliver", "gap")]
    assert counts == [50, 142, 47]
    assert len(checked.frame) == 99
    assert checked.frame.geometry.is_valid.all()
    assert restored(checked, frame)
    before, after = (f.to_crs("EPSG:6423").area.sum() for f in (frame, checked.frame))
    assert after == pytest.approx(before, rel=1e-4)
