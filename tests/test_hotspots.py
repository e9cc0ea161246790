from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.hotspots import METRES_PER_DEGREE, Sought, hot_spots

CELL = 0.0004


def field(heaps: dict[tuple[float, float], tuple[int, int]], each: int = 1) -> pd.DataFrame:
    """A field of cells with `each` issue, and heaps of (now, before) in some of them."""
    columns, rows = np.meshgrid(np.arange(40), np.arange(40))
    cells = pd.DataFrame(
        {"lon": 117 + CELL * columns.ravel(), "lat": 36.6 + CELL * rows.ravel(), "n": each}
    ).assign(before=0)
    for (column, row), (now, before) in heaps.items():
        at = int(row) * 40 + int(column)
        cells.loc[at, ["n", "before"]] = [now, before]
    return cells


def test_heaps_are_found_the_highest_first_with_what_they_were_before() -> None:
    spots = hot_spots(field({(10, 10): (40, 28), (30, 25): (60, 65)}))
    assert len(spots) == 2
    assert spots["n"].is_monotonic_decreasing
    assert (spots["n"] - spots["before"])[0] < (spots["n"] - spots["before"])[1]
    assert abs(spots["lon"][0] - (117 + 30 * CELL)) <= CELL
    assert abs(spots["lat"][1] - (36.6 + 10 * CELL)) <= CELL


def test_two_heaps_beside_each_other_are_one_spot() -> None:
    spots = hot_spots(field({(10, 10): (40, 0), (11, 10): (40, 0)}))
    assert len(spots) == 1
    assert spots["n"][0] >= 80


def test_an_even_field_and_an_empty_one_have_no_spots_that_few_make() -> None:
    assert hot_spots(field({}, each=0)).empty
    assert hot_spots(field({(3, 3): (4, 9)}, each=0)).empty
    lone = pd.DataFrame({"lon": [117.0], "lat": [36.6], "n": [7], "before": [0]})
    assert hot_spots(lone)["n"].tolist() == [7]
    assert len(hot_spots(field({(5, 5): (30, 0), (30, 30): (30, 0)}), Sought(most=1))) == 1


def test_the_order_of_the_cells_does_not_matter() -> None:
    cells = field({(10, 10): (40, 28), (30, 25): (60, 65)})
    mixed = cells.sample(frac=1, random_state=1)
    assert hot_spots(mixed)["n"].tolist() == hot_spots(cells)["n"].tolist()


def test_the_library_is_loaded_by_the_first_question_only() -> None:
    told = "import sys, geo.hotspots, api.board; sys.exit('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], check=False, capture_output=True)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_the_place_amid_most_may_have_none_itself() -> None:
    """Six corners of a hexagon, and a middle that had an issue before and has none now."""
    turn = np.radians(60 * np.arange(6))
    metre = 1 / METRES_PER_DEGREE
    lon = 117 + 110 * metre * np.append(np.cos(turn), 0) / np.cos(np.radians(36.6))
    lat = 36.6 + 110 * metre * np.append(np.sin(turn), 0)
    cells = pd.DataFrame({"lon": lon, "lat": lat, "n": [*[4] * 6, 0], "before": [*[0] * 6, 1]})
    (spot,) = hot_spots(cells).itertuples()
    assert (spot.n, spot.before) == (24, 1)
    assert (round(spot.lon, 6), round(spot.lat, 6)) == (117, 36.6)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 9), st.integers(0, 2)),
        min_size=1,
    ),
    st.integers(30, 200),
)
def test_whatever_lies_where_each_spot_has_enough_and_lies_among_its_issues(
    rows: list[tuple[int, int, int, int]], reach_m: int
) -> None:
    cells = pd.DataFrame(rows, columns=["x", "y", "n", "before"]).drop_duplicates(["x", "y"])
    cells = cells.assign(lon=117 + cells["x"] * 0.001, lat=36.6 + cells["y"] * 0.001)
    found = hot_spots(cells, Sought(reach_m))
    assert (found["n"] >= Sought().least).all()
    assert found["n"].sum() <= cells["n"].sum()
    west, east = cells["lon"].min() - 1e-9, cells["lon"].max() + 1e-9  # a mean is rounded
    assert found["lon"].between(west, east).all()
