"""Polygons: what is mended, what is asked, what is set aside, and undone."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.crs import to_wgs84
from geo.load import polygons, repairs, rings, validity
from geo.load.findings import ReadOptions, Report
from geo.load.repairs import Checked
from tests.load.drawn import areas, box, polygon, tiles

PLAIN = ReadOptions()
SQUARE = box(0, 0, 100, 100)
BOW_TIE = polygon((200, 0), (300, 100), (300, 0), (200, 100))
SPIKE = polygon((0, 0), (100, 0), (100, 50), (900, 50.5), (100, 51), (100, 100), (0, 100))


def check(*shapes: shapely.Geometry | None, options: ReadOptions = PLAIN) -> Checked:
    return polygons.check(areas(shapes), datum="wgs84", options=options)


def broken(lon: float) -> shapely.Polygon:
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(117, 36.6), (117.1, 36.6), (lon, 36.7)])


def said(checked: Checked) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(f.code, f.severity, f.rows) for f in checked.findings]


def test_a_clean_layer_raises_nothing() -> None:
    frame = tiles(12, jitter=30.0)
    checked = polygons.check(frame, datum="wgs84", options=PLAIN, file_format="GeoJSON")
    assert checked.findings == ()
    assert checked.frame.geometry.equals(frame.geometry)


@pytest.mark.parametrize("nothing", [None, shapely.Polygon(), shapely.MultiPolygon()])
def test_a_missing_shape_is_set_aside(nothing: shapely.Geometry | None) -> None:
    checked = check(SQUARE, nothing)
    assert said(checked) == [("geometry-missing", "quarantined", (2,))]
    assert checked.frame.index.tolist() == [1]


@pytest.mark.parametrize(
    "wrong", [shapely.Point(117, 36.6), shapely.LineString([(117, 36.6), (117.1, 36.6)])]
)
def test_another_type_is_set_aside(wrong: shapely.Geometry) -> None:
    checked = check(SQUARE, wrong)
    assert said(checked) == [("geometry-type", "quarantined", (2,))]
    assert wrong.geom_type in checked.findings[0].en


def test_the_polygons_of_a_collection_are_taken_however_deep() -> None:
    point = shapely.Point(117, 36.6)
    nested = shapely.GeometryCollection([shapely.GeometryCollection([SQUARE, point]), point])
    checked = check(nested, shapely.GeometryCollection([point]))
    assert said(checked) == [
        ("collection-reduced", "repaired", (1,)),
        ("geometry-type", "quarantined", (2,)),
    ]
    assert checked.frame.geometry[1].equals(SQUARE)
    assert repairs.undo(checked.frame, checked.findings).geometry[1].equals(nested)


def test_closed_lines_in_place_of_areas_are_asked_about() -> None:
    outline = shapely.LineString(SQUARE.exterior.coords)
    open_line = shapely.LineString(SQUARE.exterior.coords[:3])
    checked = check(outline, open_line)
    assert said(checked) == [
        ("lines-closed", "question", (1,)),
        ("geometry-type", "quarantined", (2,)),
    ]
    assert checked.held == (1,)
    taken = check(outline, options=ReadOptions(accept=frozenset({"outlines"})))
    assert taken.frame.geometry[1].equals(SQUARE)
    refused = check(outline, options=ReadOptions(reject=frozenset({"outlines"})))
    assert said(refused) == [("lines-closed", "quarantined", (1,))]


def test_a_lane_without_length_is_set_aside() -> None:
    spot = shapely.LineString([(117, 36.6), (117, 36.6)])
    frame = areas([spot], net="lane", kind="lane")
    checked = polygons.check(frame, datum="wgs84", options=PLAIN)
    assert said(checked) == [("polygon-collapsed", "quarantined", (1,))]


def test_lines_are_right_for_lanes() -> None:
    line = shapely.LineString([(117, 36.6), (117.01, 36.6)])
    frame = areas([line], net="lane", kind="lane")
    assert polygons.check(frame, datum="wgs84", options=PLAIN).findings == ()
    without_kind = areas([line]).drop(columns=["net", "kind"])
    assert len(polygons.check(without_kind, datum="wgs84", options=PLAIN).frame) == 0


def test_heights_are_dropped_and_said_and_put_back() -> None:
    high = shapely.force_3d(SQUARE, 12.0)
    checked = check(box(200, 0, 300, 100), high)
    assert said(checked) == [("geometry-z", "repaired", (2,))]
    assert not checked.frame.has_z.any()
    back = repairs.undo(checked.frame, checked.findings)
    assert back.geometry[2].has_z


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (broken(np.nan), "NaN"),
        (broken(np.inf), "NaN"),
        (shapely.Polygon([(500, 36.6), (500.1, 36.6), (500, 36.7)]), "off the globe"),
        (shapely.Polygon([(0, 0), (117, 36.6), (117.1, 36.7)]), "(0,0)"),
        (shapely.Polygon([(90, 36.6), (90.1, 36.6), (90, 36.7)]), "far from"),
    ],
)
def test_impossible_coordinates_are_set_aside(shape: shapely.Polygon, reason: str) -> None:
    squares = [box(n * 100, 0, n * 100 + 100, 100) for n in range(6)]
    checked = check(*squares, shape)
    assert said(checked) == [("geometry-range", "quarantined", (7,))]
    assert reason in checked.findings[0].en


def test_swapped_axes_are_proposed() -> None:
    swapped = shapely.transform(SQUARE, lambda xy: xy[:, ::-1])
    asked = check(swapped)
    assert said(asked) == [("polygon-swapped", "question", (1,))]
    assert asked.held == (1,)
    done = check(swapped, options=ReadOptions(accept=frozenset({"swaps"})))
    assert done.frame.geometry[1].equals(SQUARE)
    assert repairs.undo(done.frame, done.findings).geometry[1].equals(swapped)
    out = check(swapped, options=ReadOptions(reject=frozenset({"swaps"})))
    assert said(out) == [("polygon-swapped", "quarantined", (1,))]


def test_a_bow_tie_is_mended_with_reason_place_and_areas() -> None:
    checked = check(SQUARE, BOW_TIE)
    (finding,) = checked.findings
    assert (finding.code, finding.severity, finding.rows) == ("polygon-invalid", "repaired", (2,))
    assert finding.place == pytest.approx(BOW_TIE.centroid.coords[0], abs=1e-6)
    assert "Self-intersection" in finding.en
    assert "0.0 → 5,000.0" in finding.en
    assert checked.frame.geometry[2].is_valid
    assert checked.frame.geometry[2].geom_type == "MultiPolygon"
    assert repairs.undo(checked.frame, checked.findings).geometry[2].equals_exact(BOW_TIE)


def test_a_ring_that_touches_itself_along_an_edge_is_mended() -> None:
    shape = polygon((0, 0), (100, 0), (100, 100), (50, 100), (50, 200), (50, 100), (0, 100))
    assert said(check(shape)) == [("polygon-invalid", "repaired", (1,))]


def test_a_shape_without_area_is_set_aside() -> None:
    flat = polygon((0, 0), (100, 0), (50, 0))
    assert said(check(flat)) == [("polygon-collapsed", "quarantined", (1,))]


def test_two_ways_of_mending_that_differ_are_a_question() -> None:
    twice = shapely.Polygon(
        [*SQUARE.exterior.coords, *box(20, 20, 80, 80).exterior.coords, SQUARE.exterior.coords[0]]
    )
    asked = check(twice)
    assert said(asked) == [("polygon-doubtful", "question", (1,))]
    outline = polygons.check(areas([twice]), datum="wgs84", options=PLAIN, borders=False)
    assert said(outline) == [("polygon-doubtful", "repaired", (1,))]
    assert asked.held == (1,)
    done = check(twice, options=ReadOptions(accept=frozenset({"mends"})))
    assert said(done) == [("polygon-doubtful", "repaired", (1,))]
    out = check(twice, options=ReadOptions(reject=frozenset({"mends"})))
    assert said(out) == [("polygon-doubtful", "quarantined", (1,))]


def test_repeated_vertices_are_dropped_in_one_line() -> None:
    twice = polygon((0, 0), (100, 0), (100, 0), (100, 100), (0, 100))
    checked = check(box(200, 0, 300, 100), twice)
    assert said(checked) == [("vertices-repeated", "repaired", (2,))]
    assert shapely.get_num_coordinates(checked.frame.geometry[2]) == 5


def test_a_spike_is_cut_and_put_back() -> None:
    checked = check(SPIKE)
    assert said(checked) == [("polygon-spike", "repaired", (1,))]
    assert checked.findings[0].place == pytest.approx(SPIKE.exterior.coords[3])
    assert checked.frame.geometry[1].equals(SQUARE.union(checked.frame.geometry[1]))
    assert repairs.undo(checked.frame, checked.findings).geometry[1].equals_exact(SPIKE)


def test_a_sharp_corner_that_a_neighbour_shares_is_no_spike() -> None:
    above = polygon((100, 51), (900, 50.5), (900, 300), (100, 300))
    assert said(check(SPIKE, above)) == []


def test_a_shape_that_is_all_spike_is_left_alone() -> None:
    needle = polygon((0, 0), (1000, 1), (0, 2))
    assert said(check(needle)) == []
    assert rings.without(needle, [needle.exterior.coords[1]]) is needle


def test_clockwise_rings_are_remarked_where_the_format_minds() -> None:
    frame = areas([shapely.reverse(SQUARE)])
    told = polygons.check(frame, datum="wgs84", options=PLAIN, file_format="GeoJSON")
    assert said(told) == [("polygon-clockwise", "info", (1,))]
    quiet = polygons.check(frame, datum="wgs84", options=PLAIN, file_format="ESRI Shapefile")
    assert quiet.findings == ()


def test_holes_are_counted_unless_another_area_fills_them() -> None:
    hole = box(20, 20, 40, 40)
    holed = SQUARE.difference(hole)
    assert said(check(holed)) == [("polygon-holes", "info", (1,))]
    assert said(check(holed, hole)) == []


def test_a_small_part_far_away_is_listed() -> None:
    shape = shapely.MultiPolygon([SQUARE, box(5000, 0, 5005, 5)])
    checked = check(shape)
    assert said(checked) == [("polygon-far-part", "info", (1,))]
    near = shapely.MultiPolygon([SQUARE, box(110, 0, 115, 5)])
    assert said(check(near)) == []


def test_shapes_and_what_is_said_of_them_move_to_wgs84_together() -> None:
    high = shapely.force_3d(SQUARE, 5.0)
    checked = polygons.check(areas([BOW_TIE, high]), datum="gcj02", options=PLAIN)
    lon, lat = to_wgs84(BOW_TIE.centroid.x, BOW_TIE.centroid.y, "gcj02")
    finding = next(f for f in checked.findings if f.code == "polygon-invalid")
    assert finding.place == pytest.approx((float(lon), float(lat)), abs=1e-6)
    back = repairs.undo(checked.frame, checked.findings)
    assert back.geometry[2].has_z
    moved = to_wgs84(117.0, 36.6, "gcj02")
    assert back.geometry[2].exterior.coords[0][:2] == pytest.approx(tuple(map(float, moved)))


def test_every_finding_has_its_sentences() -> None:
    checked = check(BOW_TIE, SPIKE, None)
    report = Report("f", "l", "areas", findings=checked.findings, read=3, used=2)
    assert len(report.lines()) == 1 + 2 * len(checked.findings)


def test_a_reason_without_a_place_is_still_a_reason() -> None:
    assert validity.area_of(SQUARE) == pytest.approx(10_000, rel=0.01)
    assert repairs.place_of(None) is None
    assert repairs.place_of(shapely.Polygon()) is None
    assert repairs.short_wkt(None) == ""
    assert repairs.short_wkt(tiles(1).geometry[1].segmentize(1e-5)).endswith("…")
