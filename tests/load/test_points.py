"""Points: what is set aside, what is asked, what is left alone."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import from_wgs84
from geo.load import points, readings, repairs
from geo.load.findings import ReadOptions
from geo.load.repairs import Checked
from tests.load.drawn import areas, box

REAL = Path("../shared/data/jinan_points_with_real_defects.csv.gz")
PLAIN = ReadOptions()


def typed(*pairs: tuple[object, object], good: int = 6) -> pd.DataFrame:
    """Return the pairs after a few good rows of one city."""
    rows = [(f"117.0{n}1234", f"36.6{n}5678") for n in range(good)]
    frame = pd.DataFrame([*rows, *pairs], columns=["lon", "lat"], dtype="object")
    frame.index += 1
    return frame


def codes(checked: Checked, row: int) -> set[str]:
    return {finding.code for finding in checked.findings if row in finding.rows}


def test_clean_points_raise_nothing() -> None:
    checked = points.check(typed(good=6), datum="wgs84", options=PLAIN)
    assert checked.findings == ()
    assert len(checked.frame) == 6
    assert checked.frame.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ((0, 0), "point-zero"),
        (("", ""), "point-missing"),
        ((None, 36.65), "point-missing"),
        ((float("nan"), float("nan")), "point-missing"),
        (("36.65", "117.02"), "point-swapped"),
        (("13800138000", "36.65"), "point-number"),
        (("0531-82601234", "36.65"), "point-number"),
        (("117.02", "13800138000"), "point-number"),
        (("117°01'12\"", "36°39'"), "point-dms"),
        (("117°01′12″E", "36°39′00″N"), "point-dms"),
        (("东经117度1分12秒", "北纬36度39分"), "point-dms"),
        (("117 01 12", "36 39 00"), "point-dms"),
        (("11701.2", "3639.0"), "point-dms"),
        (("1170112", "363900"), "point-dms"),
        (("路口", "36.65"), "point-unreadable"),
        (("17.01867", "36.65"), "point-digits"),
        (("117.01867", "6.65"), "point-digits"),
        (("117.2065", "26.645068"), "point-digits"),
        (("1170.1867", "36.65"), "point-digits"),
        (("195.2", "36.65"), "point-range"),
        (("inf", "36.65"), "point-range"),
        (("121.4737", "31.2304"), "point-far"),
        (("10.993484", "10.994035"), "point-far"),
    ],
)
def test_each_slip_is_named(pair: tuple[object, object], code: str) -> None:
    checked = points.check(typed(pair), datum="wgs84", options=PLAIN)
    assert codes(checked, 7) == {code}
    assert 7 not in checked.frame.index
    assert len(checked.frame) == 6


def test_whole_degrees_among_exact_ones_are_set_aside() -> None:
    frame = pd.DataFrame({"lon": [117.0 + n / 977 for n in range(40)], "lat": 36.6512})
    frame.loc[40] = [117.0, 36.0]
    checked = points.check(frame, datum="wgs84", options=PLAIN)
    assert "point-coarse" in codes(checked, 40)


def test_two_decimals_are_remarked_and_kept() -> None:
    checked = points.check(typed(("117.02", "36.65")), datum="wgs84", options=PLAIN)
    assert codes(checked, 7) == {"points-imprecise"}
    assert 7 in checked.frame.index


def test_a_swap_is_proposed_and_only_done_when_accepted() -> None:
    frame = typed(("36.651234", "117.021234"))
    asked = points.check(frame, datum="wgs84", options=PLAIN)
    assert asked.held == (7,)
    assert [f.severity for f in asked.findings] == ["question"]
    done = points.check(frame, datum="wgs84", options=ReadOptions(accept=frozenset({"swaps"})))
    assert done.frame.geometry[7].equals(shapely.Point(117.021234, 36.651234))
    assert [f.severity for f in done.findings] == ["repaired"]
    back = repairs.undo(done.frame, done.findings)
    assert back.geometry[7].equals(shapely.Point(36.651234, 117.021234))


def test_a_rejected_swap_is_set_aside() -> None:
    options = ReadOptions(reject=frozenset({"swaps"}))
    checked = points.check(typed(("36.651234", "117.021234")), datum="wgs84", options=options)
    assert [f.severity for f in checked.findings] == ["quarantined"]
    assert checked.held == ()


def test_accepted_readings_of_minutes_and_digits_are_used() -> None:
    options = ReadOptions(accept=frozenset({"dms", "digits"}))
    frame = typed(("117°01'12\"", "36°39'"), ("17.01867", "36.654321"))
    checked = points.check(frame, datum="wgs84", options=options)
    assert checked.frame.geometry[7].equals_exact(shapely.Point(117.02, 36.65), 1e-9)
    assert checked.frame.geometry[8].equals_exact(shapely.Point(117.01867, 36.654321), 1e-9)


def test_a_file_in_packed_minutes_is_asked_about() -> None:
    rng = np.random.default_rng(5)
    packed = 1e-4 * (100 * rng.integers(0, 60, 40) + rng.integers(0, 60, 40)) + 1e-6
    frame = pd.DataFrame({"lon": 117.0 + packed, "lat": 36.0 + packed[::-1]})
    asked = points.check(frame, datum="wgs84", options=PLAIN)
    assert [f.code for f in asked.findings] == ["points-packed"]
    done = points.check(frame, datum="wgs84", options=ReadOptions(accept=frozenset({"dms"})))
    assert done.frame.geometry.x.max() > asked.frame.geometry.x.max()
    kept = points.check(frame, datum="wgs84", options=ReadOptions(reject=frozenset({"dms"})))
    assert kept.findings == ()


def test_very_many_slips_of_a_kind_are_one_line_and_still_undone() -> None:
    frame = typed(*[("36.651234", f"117.02{n:04d}") for n in range(250)])
    (asked,) = points.check(frame, datum="wgs84", options=PLAIN).findings[:1]
    assert len(asked.rows) == 250
    done = points.check(frame, datum="wgs84", options=ReadOptions(accept=frozenset({"swaps"})))
    assert repairs.undo(done.frame, done.findings).geometry[7].x == pytest.approx(36.651234)


def test_repeats_are_counted_and_kept() -> None:
    frame = typed(("117.012345", "36.623456"), ("117.012345", "36.623456"))
    checked = points.check(frame, datum="wgs84", options=PLAIN)
    (line,) = checked.findings
    assert line.code == "points-repeated"
    assert line.values["count"] == 1  # noqa: PD011 a finding is not a frame
    assert len(checked.frame) == 8


def test_an_issue_without_a_position_is_kept() -> None:
    checked = points.check(typed(("", "")), datum="wgs84", options=PLAIN, optional=True)
    assert checked.findings[0].severity == "info"
    assert checked.frame.geometry[7] is None


def test_outside_the_city_known_is_set_aside_and_close_by_is_told() -> None:
    city = areas([box(0, 0, 20_000, 20_000)], kind="city")
    options = ReadOptions(known=city)
    frame = typed(("117.0212345", "36.5912345"), ("118.5123", "36.6512"))
    checked = points.check(frame, datum="wgs84", options=options)
    assert codes(checked, 7) == {"points-unowned"}
    assert codes(checked, 8) == {"point-outside"}
    assert 7 in checked.frame.index
    assert 8 not in checked.frame.index


def test_areas_known_of_another_city_are_not_held_against_a_file() -> None:
    far = areas([box(400_000, 300_000, 420_000, 320_000)], kind="city")
    checked = points.check(
        typed(("36.651234", "117.021234")), datum="wgs84", options=ReadOptions(known=far)
    )
    assert [f.code for f in checked.findings] == ["point-swapped", "points-elsewhere"]
    assert len(checked.frame) == 6


def test_known_areas_without_kinds_are_all_looked_at() -> None:
    known = areas([box(0, 0, 20_000, 20_000)]).drop(columns="kind")
    checked = points.check(typed(), datum="wgs84", options=ReadOptions(known=known))
    assert checked.findings == ()


def test_geometry_columns_are_checked_like_typed_ones() -> None:
    shapes = [shapely.Point(117.0112345 + n / 977, 36.65 + n / 877) for n in range(6)]
    shapes += [shapely.Point(0, 0), None, shapely.Point()]
    frame = gpd.GeoDataFrame(geometry=np.array(shapes, dtype=object), crs="EPSG:4326")
    checked = points.check(frame, datum="wgs84", options=PLAIN)
    assert [f.code for f in checked.findings] == ["point-missing", "point-zero"]
    assert len(checked.frame) == 6


def test_points_are_moved_to_wgs84_once() -> None:
    lon, lat = from_wgs84(117.0123456, 36.6543211, "gcj02")
    frame = typed((float(lon), float(lat)))
    checked = points.check(frame, datum="gcj02", options=PLAIN)
    assert checked.frame.geometry[7].equals_exact(shapely.Point(117.0123456, 36.6543211), 1e-9)


def test_usable_positions_leave_slips_out() -> None:
    seen = points.usable(typed((0, 0), ("36.65", "117.02")))
    assert seen["lon"].notna().sum() == 6


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30))
def test_no_row_is_lost_whatever_is_typed(pairs: list[tuple[float, float]]) -> None:
    frame = pd.DataFrame(pairs, columns=["lon", "lat"], dtype="float64")
    checked = points.check(frame, datum="gcj02", options=PLAIN)
    aside = {row for f in checked.findings if f.severity == "quarantined" for row in f.rows}
    assert sorted([*checked.frame.index, *aside, *checked.held]) == list(range(len(frame)))
    assert np.isfinite(shapely.get_coordinates(checked.frame.geometry)).all()


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_reads_as_degrees_or_not_at_all(text: str) -> None:
    reading = readings.read_axis(pd.Series([text], dtype="object"))
    assert reading.degrees.shape == (1,)


@pytest.mark.skipif(not REAL.exists(), reason="the shared real data are not here")
def test_the_real_charging_stations_are_sorted_as_they_are() -> None:
    frame = pd.read_csv(REAL)
    frame.index += 1
    checked = points.check(frame, datum="gcj02", options=PLAIN)
    rows = {
        f.code: [r for g in checked.findings if g.code == f.code for r in g.rows]
        for f in checked.findings
    }
    assert len(rows["point-zero"]) == 41
    assert rows["point-number"] == [452, 502, 503]
    assert rows["point-swapped"] == [479, 539, 734, 974]
    assert rows["point-far"] == [1, 470, 786]
    assert rows["point-coarse"] == [393, 434, 440, 524, 622]
    assert rows["point-digits"] == [526]
    assert len(rows["points-repeated"]) == 75
    assert len(checked.frame) == 992 - 41 - 3 - 4 - 3 - 5 - 1


@pytest.mark.skipif(not REAL.exists(), reason="the shared real data are not here")
@pytest.mark.parametrize("year", [2017, 2020])
def test_real_service_requests_raise_no_alarm(year: int) -> None:
    frame = pd.read_csv(REAL.with_name(f"la_311_{year}_subset.csv.gz"), low_memory=False)
    frame.columns = frame.columns.str.lower()
    frame = frame.rename(columns={"longitude": "lon", "latitude": "lat"})
    checked = points.check(frame, datum="wgs84", options=PLAIN, optional=True)
    assert {f.severity for f in checked.findings} == {"info"}
    assert len(checked.frame) == len(frame)


def test_several_points_in_one_row_are_said() -> None:
    shapes = [
        shapely.MultiPoint([(117.01, 36.61)]),
        shapely.MultiPoint([(117, 36.6), (117.2, 36.6)]),
    ]
    frame = gpd.GeoDataFrame(index=[1, 2], geometry=shapes, crs="EPSG:4326")
    checked = points.check(frame, datum="wgs84", options=PLAIN)
    (said,) = [f for f in checked.findings if f.code == "points-centred"]
    assert said.rows == (2,)


def test_an_issue_is_never_dropped_for_its_position() -> None:
    frame = typed(
        ("117.01", "36.65"),
        ("0", "0"),
        ("13800138000", "36.65"),
        ("121.47", "31.23"),
        ("", ""),
        good=9,
    )
    known = gpd.GeoDataFrame(geometry=[shapely.box(116.9, 36.5, 117.2, 36.8)], crs="EPSG:4326")
    options = ReadOptions(known=known)
    checked = points.check(frame, datum="wgs84", options=options, optional=True)
    assert checked.frame.index.tolist() == frame.index.tolist()
    assert checked.frame.geometry.notna().tolist() == [True] * 10 + [False, False, True, False]
    assert {found.severity for found in checked.findings} == {"info"}
    (said,) = [found for found in checked.findings if found.code == "points-unplaced"]
    assert said.rows == tuple(frame.index[10:12])
    kept = points.check(frame, datum="wgs84", options=options)
    assert len(kept.frame) == 10  # a place without a position is none
