"""Laws of the index: one owner for every point, by one rule."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity, box

from geo.errors import (
    GridCodesError,
    GridFrameError,
    GridShapesError,
    NotCoordinatesError,
    SpecialMarkError,
    UnequalArraysError,
)
from geo.lookup import GridIndex
from geo.lookup.index import WORTH_A_RASTER

#  c d    four grids round one corner, a ring with a hole, and an island in it
#  a b
QUARTERS = {"a": box(0, 0, 1, 1), "b": box(1, 0, 2, 1), "c": box(0, 1, 1, 2), "d": box(1, 1, 2, 2)}
RING = Polygon(box(5, 0, 9, 4).exterior.coords, [box(6, 1, 8, 3).exterior.coords])


def grids(shapes: dict[str, object], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        columns, index=list(shapes), geometry=list(shapes.values()), crs="EPSG:4326"
    )


def test_points_on_shared_edges_and_corners_go_to_the_lowest_code() -> None:
    index = GridIndex(grids(QUARTERS))
    assert index.locate([1, 1, 0.5, 1.5, 0, 2], [1, 0.5, 1, 1, 0, 2]).tolist() == list("aaabad")


@given(st.permutations(list(QUARTERS)), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_owner_does_not_depend_on_the_order_of_the_rows(
    order: list[str], special: list[bool]
) -> None:
    marks = dict(zip("abcd", special, strict=True))
    rows = grids({code: QUARTERS[code] for code in order}, special=[marks[c] for c in order])
    first = min("abcd", key=lambda code: (not marks[code], code))
    assert GridIndex(rows).locate(1.0, 1.0) == first


def test_a_special_grid_comes_before_every_other() -> None:
    rows = grids({"1": box(0, 0, 4, 4), "9": box(1, 1, 2, 2)}, special=[False, True])
    assert GridIndex(rows).locate([1, 1.5, 3], [1, 1.5, 3]).tolist() == ["9", "9", "1"]


def test_codes_are_ordered_by_bytes_not_by_number_or_locale() -> None:
    everywhere = dict.fromkeys(["é", "b", "B", "10", "9", "中"], box(0, 0, 1, 1))
    while everywhere:
        lowest = GridIndex(grids(everywhere)).locate(0.5, 0.5)
        assert lowest == min(everywhere, key=lambda code: code.encode())
        everywhere = {code: shape for code, shape in everywhere.items() if code != lowest}


def test_a_hole_belongs_to_nobody_and_its_edge_to_the_ring() -> None:
    index = GridIndex(grids({"ring": RING}))
    assert index.locate([7, 6, 5.5], [2, 2, 2]).tolist() == [None, "ring", "ring"]


def test_every_part_of_a_multipolygon_counts() -> None:
    index = GridIndex(grids({"m": MultiPolygon([box(0, 0, 1, 1), box(3, 0, 4, 1)])}))
    assert index.locate([0.5, 2, 3.5], [0.5, 0.5, 0.5]).tolist() == ["m", None, "m"]


@given(st.floats(0.1, 0.9))
def test_a_neighbouring_float_across_an_edge_has_another_owner(along: float) -> None:
    index = GridIndex(grids({"b": box(0, 0, 1, 1), "c": box(1, 0, 2, 1)}))
    assert index.locate(np.nextafter(1.0, [0, 2]), along).tolist() == ["b", "c"]
    assert index.locate([1 - 1e-12, 1 + 1e-12], along).tolist() == ["b", "c"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_a_point_that_is_nowhere_has_no_owner(value: float) -> None:
    index = GridIndex(grids(QUARTERS))
    assert index.locate([value, 0.5, value], [0.5, value, value]).tolist() == [None] * 3
    assert index.locate(value, 0.5) is None


def test_an_empty_index_owns_nothing() -> None:
    index = GridIndex(grids({}))
    assert index.locate([1.0], [1.0]).tolist() == [None]
    assert index.neighbours([1.0], [1.0], 5.0).tolist() == [()]
    assert len(index) == 0


def test_the_answer_has_the_shape_of_the_question() -> None:
    index = GridIndex(grids(QUARTERS))
    assert index.locate(np.full((2, 3), 0.5), 0.5).shape == (2, 3)
    assert index.locate([], []).shape == (0,)
    assert index.locate([], []).dtype == object
    assert index.locate(0.5, 0.5) == "a"


def test_positions_point_into_the_codes() -> None:
    index = GridIndex(grids(QUARTERS))
    assert index.positions([0.5, 9], [1.5, 9]).tolist() == [2, -1]
    assert index.codes.tolist() == list("abcd")


def test_whole_numbers_serve_as_codes_and_become_text() -> None:
    rows = gpd.GeoDataFrame(index=[10, 9], geometry=[box(0, 0, 1, 1)] * 2)
    assert GridIndex(rows).locate(0.5, 0.5) == "10"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["a", "a", "b"], "repeated: a"),
        (["a", None, "b"], "missing or not text: nan"),
        (["a", "", "b"], "missing or not text"),
        ([1.5, 2.5, 3.5], "missing or not text: 1.5"),
    ],
)
def test_codes_that_cannot_tell_grids_apart_are_refused(codes: list[object], message: str) -> None:
    rows = gpd.GeoDataFrame(index=codes, geometry=[box(0, 0, 1, 1)] * 3)
    with pytest.raises(GridCodesError, match=message):
        GridIndex(rows)


def test_codes_that_differ_only_in_a_trailing_nul_are_two_codes() -> None:
    index = GridIndex(grids({"a\0": box(0, 0, 1, 1), "a": box(5, 5, 6, 6)}))
    assert index.locate(0.5, 0.5) == "a\0"


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), r"Self-intersection.*bad"),
        (Polygon([(0, 0), (1, 1), (np.inf, 0), (0, 1)]), "bad"),
        (None, "no geometry: bad"),
        (Polygon(), "no geometry: bad"),
        (box(0, 0, 1, 1e300), "beyond the Earth: bad"),
        (box(0, 0, 1, 1).exterior, "no polygons: bad"),
    ],
)
def test_a_shape_that_cannot_own_a_point_is_refused_by_its_code(
    shape: object, message: str
) -> None:
    with pytest.raises(GridShapesError, match=message) as caught:
        GridIndex(grids({"good": box(0, 0, 1, 1), "bad": shape}))
    assert "good" not in str(caught.value)


def test_marks_of_special_grids_may_be_written_in_many_ways() -> None:
    rows = grids({"1": box(0, 0, 1, 1), "2": box(0, 0, 1, 1)}, special=["否", "是"])
    assert GridIndex(rows).locate(0.5, 0.5) == "2"
    with pytest.raises(SpecialMarkError, match="maybe"):
        GridIndex(rows.assign(special=["maybe", "是"]))


def test_grids_in_metres_are_taken_to_degrees() -> None:
    shape = box(117.0, 36.6, 117.01, 36.61)
    metres = grids({"g": shape}).to_crs("EPSG:4548")
    assert GridIndex(metres).locate([117.005, 116.9], [36.605, 36.605]).tolist() == ["g", None]


def test_replacing_changes_adds_and_takes_out() -> None:
    index = GridIndex(grids(QUARTERS))
    edits = {"a": box(0, 0, 0.5, 1), "b": None, "e": box(0.4, 0, 1, 1)}
    assert index.replace(grids(edits)) is index
    asked = ([0.2, 0.45, 0.7, 1.5, 1.5], [0.5, 0.5, 0.5, 0.5, 1.5])
    assert index.locate(*asked).tolist() == ["a", "a", "e", None, "d"]


def test_a_refused_replacement_changes_nothing() -> None:
    index = GridIndex(grids(QUARTERS))
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(GridShapesError):
        index.replace(grids({"b": None, "a": bow_tie}))
    with pytest.raises(GridCodesError):
        index.replace(gpd.GeoDataFrame(index=["a", "a"], geometry=[None, box(0, 0, 9, 9)]))
    assert index.locate([0.5, 1.5], [0.5, 0.5]).tolist() == ["a", "b"]


def jinan(shape: Polygon) -> Polygon:
    return affinity.translate(affinity.scale(shape, 0.003, 0.003, origin=(0, 0)), 117.0, 36.6)


def test_neighbours_lie_within_twice_the_accuracy_nearest_first() -> None:
    index = GridIndex(grids({code: jinan(shape) for code, shape in QUARTERS.items()}))
    # 0.0001 degrees are 8.9 m east and 11.1 m north here.
    lon, lat = 117.003 - 0.0001, 36.603 - 0.0001
    assert index.neighbours(lon, lat, 4.0) == ()
    assert index.neighbours(lon, lat, 5.0) == ("b",)
    assert index.neighbours(lon, lat, 6.0) == ("b", "c")
    assert index.neighbours(lon, lat, 20.0) == ("b", "c", "d")
    many = index.neighbours([lon, lon, np.nan, lon], lat, [5.0, np.nan, 5.0, -1.0])
    assert many.tolist() == [("b",), (), (), ()]
    assert index.neighbours([], [], 5.0).shape == (0,)


def test_neighbours_of_a_point_on_an_edge_are_those_that_lost_it() -> None:
    index = GridIndex(grids({code: jinan(shape) for code, shape in QUARTERS.items()}))
    assert index.locate(117.003, 36.603) == "a"
    assert index.neighbours(117.003, 36.603, 0.001) == ("b", "c", "d")


def test_a_hopeless_accuracy_does_not_name_the_whole_city() -> None:
    far = {"near": jinan(box(0, 0, 1, 1)), "far": jinan(box(50, 50, 51, 51))}
    assert GridIndex(grids(far)).neighbours(116.9999, 36.6, np.inf) == ("near",)


def test_a_long_question_and_a_prepared_index_answer_like_a_short_one() -> None:
    index = GridIndex(grids(QUARTERS))
    asked = np.linspace(-0.5, 2.5, 61)
    short = index.locate(asked, 1.0).tolist()
    long = index.locate(np.repeat(asked, WORTH_A_RASTER // 60), 1.0)
    assert long[:: WORTH_A_RASTER // 60].tolist() == short
    assert GridIndex(grids(QUARTERS)).prepare().locate(asked, 1.0).tolist() == short
    assert index.replace(grids({"a": None})).prepare().locate(0.5, 0.5) is None


def test_an_index_much_asked_draws_a_raster_with_every_kernel_that_answers_compiled() -> None:
    # In a process of its own: here others have compiled them by now. Columns of a frame come as
    # arrays that cannot be written to, which the compiler takes for another kind.
    script = (
        "import sys\n"
        "import geopandas as gpd, numpy as np, shapely\n"
        "from geo.lookup import GridIndex\n"
        "rows = gpd.GeoDataFrame(index=['a'], geometry=[shapely.box(0, 0, 1, 1)])\n"
        "alone, fixed = GridIndex(rows), np.zeros(3)\n"
        "drawn = []\n"
        "for turn in range(2_001):\n"
        "    drawn.append('geo.lookup.raster' in sys.modules)\n"
        "    assert alone.locate(0.5, 0.5) == 'a'\n"
        "assert drawn.index(True) == 2_000, drawn.index(True)\n"
        "index = GridIndex(rows).prepare()\n"
        "fixed.flags.writeable = False\n"
        "from geo.lookup import search\n"
        "kernels = search.position, search.positions, search.position_at\n"
        "before = [len(kernel.signatures) for kernel in kernels]\n"
        "index.locate(fixed, np.zeros(3)), index.locate(0.5, 0.5), index.locate(fixed[0], 0.5)\n"
        "print(*before, *(len(kernel.signatures) for kernel in kernels))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)  # noqa: S603 our own words
    assert done.stdout.split() == [b"1"] * 6


def test_single_points_have_the_same_owner_before_and_after_the_raster_is_drawn() -> None:
    places = [(x, y) for x in (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, np.nan) for y in (0.5, 1.0, 2.5)]
    index = GridIndex(grids(QUARTERS))
    before = [index.locate(x, y) for x, y in places]
    index.prepare()
    assert [index.locate(x, y) for x, y in places] == before
    assert index.locate(*np.transpose(places)).tolist() == before


@pytest.mark.parametrize("prepared", [False, True])
def test_numbers_come_in_many_ways_and_missing_ones_have_no_owner(*, prepared: bool) -> None:
    index = GridIndex(grids(QUARTERS))
    if prepared:
        index.prepare()
    columns: list[Any] = [
        pd.Series([0.5, None, 1.5], dtype="Float64", index=[9, 3, 9]),
        pd.Series([0.5, None, 1.5], dtype="object"),
        [0.5, pd.NA, 1.5],
        np.array([0.5, np.nan, 1.5], ">f4"),
        np.array([1.5, np.nan, 0.5])[::-1],
        (Decimal("0.5"), None, "1.5"),
        np.ma.array([0.5, 0.5, 1.5], mask=[False, True, False]),
    ]
    for column in columns:
        assert index.locate(column, 0.5).tolist() == ["a", None, "b"]
    alone: list[Any] = [0.5, np.float32(0.5), np.array(0.5), Decimal("0.5")]
    for one in alone:
        assert index.locate(one, 0.5) == "a"
    missing: Any = None
    assert index.locate(missing, 0.5) is None


@pytest.mark.parametrize(
    "other",
    [
        np.array([0.5 + 1j]),
        np.array(["2026-01-01"], "M8[s]"),
        ["east"],
        [10**400],
        {"lon": 0.5},
        [object()],
        (part for part in [0.5]),
    ],
)
def test_what_is_no_number_is_refused_by_a_sentence(other: Any) -> None:
    with pytest.raises(NotCoordinatesError):
        GridIndex(grids(QUARTERS)).locate(other, [0.5])


@pytest.mark.parametrize("lat", [[0.5] * 3, np.zeros((2, 3)), []])
def test_arrays_that_do_not_go_together_are_refused_by_their_shapes(lat: Any) -> None:
    index = GridIndex(grids(QUARTERS))
    with pytest.raises(UnequalArraysError, match=re.escape(f"(2,), {np.shape(lat)}")):
        index.locate([0.5, 1.5], lat)
    with pytest.raises(UnequalArraysError):
        index.neighbours([0.5, 1.5], lat, 10)
    assert index.locate([0.5, 1.5], 0.5).tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "other", [["a"], pd.DataFrame({"x": [1]}), gpd.GeoSeries([box(0, 0, 1, 1)])]
)
def test_what_is_no_frame_of_grids_is_refused_by_its_kind(other: Any) -> None:
    with pytest.raises(GridFrameError, match=type(other).__name__):
        GridIndex(other)
    with pytest.raises(GridFrameError, match=type(other).__name__):
        GridIndex(grids(QUARTERS)).replace(other)


def test_an_index_is_kept_and_sent_as_its_grids() -> None:
    index = GridIndex(grids(QUARTERS)).prepare().replace(grids({"a": box(0, 0, 0.5, 1)}))
    for other in (pickle.loads(pickle.dumps(index)), copy.deepcopy(index)):  # noqa: S301 our own
        assert other.locate([0.2, 0.7, 1.5], 0.5).tolist() == ["a", None, "b"]
        other.replace(grids({"b": None}))
    assert index.locate(1.5, 0.5) == "b"


@pytest.mark.parametrize("prepared", [False, True])
def test_a_special_grid_stays_one_when_only_its_shape_is_replaced(*, prepared: bool) -> None:
    rows = grids({"1": box(0, 0, 4, 4), "9": box(1, 1, 2, 2)}, special=[False, True])
    index = GridIndex(rows).prepare() if prepared else GridIndex(rows)
    index.replace(grids({"9": box(1, 1, 3, 3)}))
    assert index.locate([2.5, 3.5], [2.5, 3.5]).tolist() == ["9", "1"]
    index.replace(grids({"9": box(1, 1, 3, 3)}, special=[False]))
    assert index.locate(2.5, 2.5) == "1"


def test_who_asks_while_grids_change_gets_the_answer_of_before_or_of_after() -> None:
    index, halves = GridIndex(grids(QUARTERS)), (box(0, 0, 0.5, 1), box(0, 0, 1, 1))
    at = np.tile([0.25, 0.75, 1.5], 400)
    stop, wrong = Event(), []

    def ask() -> None:
        while not stop.is_set():
            found = index.locate(at, 0.5)
            wrong.extend(found[found == "c"])
            if {*found[0::3]} != {"a"} or {*found[2::3]} != {"b"} or index.locate(1.5, 1.5) != "d":
                wrong.append(found)

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        drawn = pool.submit(index.prepare)
        for turn in range(60):
            index.replace(grids({"a": halves[turn % 2]}))
        drawn.result()
        for turn in range(60):
            index.replace(grids({"a": halves[turn % 2]}))
        stop.set()
        for one in asking:
            one.result()
    assert wrong == []
    assert index.locate(0.75, 0.5) == "a"
