from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geo.atoms import reading_order
from geo.errors import BadFrameError, CodesExhaustedError
from geo.plan import grid_name, number_grids

COMMUNITY = "370102001001"


def squares(codes: Sequence[str], community: str = COMMUNITY) -> gpd.GeoDataFrame:
    """Return grids one unit wide, side by side from west to east."""
    shapes = [box(i, 0, i + 1, 1) for i in range(len(codes))]
    columns = {"code": list(codes), "parent": community}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def homes(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["new", "old", "households"])


def code(number: int) -> str:
    return f"{COMMUNITY}{number:03d}"


def test_the_first_numbering_runs_west_to_east_then_to_the_row_to_the_south() -> None:
    shapes = [box(1, 0, 2, 1), box(0, 0, 1, 1), box(1, 1, 2, 2), box(0, 1, 1, 2)]
    columns = {"code": list("abcd"), "parent": COMMUNITY}
    grids = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    codes = number_grids(grids, None, households=homes())
    assert codes.tolist() == [code(4), code(3), code(2), code(1)]


def test_a_code_is_kept_only_when_more_than_half_is_shared_both_ways() -> None:
    new, old = squares(["a", "b", "c"]), squares([code(1), code(2)])
    table = homes(
        ("a", code(1), 51), ("b", code(1), 49), ("b", code(2), 49), ("c", code(2), 51),
    )  # fmt: skip
    codes = number_grids(new, old, households=table, used_numbers=old["code"])
    assert codes.tolist() == [code(1), code(3), code(2)]


def test_exactly_half_is_not_more_than_half() -> None:
    new, old = squares(["a", "b"]), squares([code(1)])
    table = homes(("a", code(1), 50), ("b", code(1), 50))
    assert number_grids(new, old, households=table).tolist() == [code(2), code(3)]


def test_a_number_once_used_is_never_given_again() -> None:
    new, old = squares(["a", "b"]), squares([code(1)])
    table = homes(("a", code(1), 50), ("b", None, 50))
    codes = number_grids(new, old, households=table, used_numbers=[code(1), code(2), code(3)])
    assert codes.tolist() == [code(1), code(4)]


def test_gaps_are_used_when_the_numbers_after_the_highest_run_out() -> None:
    new, old = squares(["a"]), squares([code(999)])
    assert number_grids(new, old, households=homes()).tolist() == [code(999)]
    table = homes(("a", None, 5))
    assert number_grids(new, old, households=table).tolist() == [code(1)]


def test_a_community_with_too_few_free_numbers_is_told_how_many_are_left() -> None:
    used = [code(number) for number in range(999)]
    told = f"{COMMUNITY} needs 2 new .* 1 are left"
    with pytest.raises(CodesExhaustedError, match=told):
        number_grids(squares(["a", "b"]), None, households=homes(), used_numbers=used)


def test_a_grid_without_households_keeps_its_code_by_area() -> None:
    new, old = squares(["a", "b"]), squares([code(7), code(4)])
    table = homes(("a", code(7), 0), ("b", None, 3))
    assert number_grids(new, old, households=table).tolist() == [code(7), code(8)]


def test_special_grids_keep_the_code_they_come_with_and_never_shift_the_others() -> None:
    new = squares(["a", code(901)]).assign(special=[False, True])
    old = squares([code(1), code(901)]).assign(special=[False, True])
    table = homes(("a", code(901), 300), (code(901), code(901), 2))
    codes = number_grids(new, old, households=table)
    assert codes.tolist() == [code(2), code(901)]


def test_a_grid_of_another_community_hands_on_no_code() -> None:
    new, old = squares(["a"], "370102001002"), squares([code(1)])
    codes = number_grids(new, old, households=homes(("a", code(1), 9)))
    assert codes.tolist() == ["370102001002001"]


def test_each_community_counts_for_itself() -> None:
    new = squares(["a", "b", "c"])
    new["parent"] = [COMMUNITY, "370102001002", COMMUNITY]
    codes = number_grids(new, None, households=homes())
    assert codes.tolist() == [code(1), "370102001002001", code(2)]


def test_absent_columns_and_repeated_labels_are_named() -> None:
    with pytest.raises(BadFrameError, match=r"new\.parent, old\.parent, households\.old"):
        number_grids(
            squares(["a"]).drop(columns="parent"), None, households=homes().drop(columns="old")
        )
    with pytest.raises(BadFrameError, match=r"new\.code \(repeated\)"):
        number_grids(squares(["a", "a"]), None, households=homes())


@settings(max_examples=50, deadline=None)
@given(
    labels=st.lists(st.integers(0, 5), min_size=1, max_size=40),
    was=st.lists(st.integers(1, 5), min_size=40, max_size=40),
)
def test_codes_are_unique_and_only_ones_own_predecessor_hands_on_a_used_one(
    labels: list[int], was: list[int]
) -> None:
    new = squares([str(label) for label in sorted(set(labels))])
    old = squares([code(number) for number in sorted(set(was))])
    rows = [(str(a), code(b), 10) for a, b in zip(labels, was, strict=False)]
    codes = number_grids(new, old, households=homes(*rows), used_numbers=old["code"])
    assert codes.is_unique
    for label, given_code in zip(new["code"], codes, strict=True):
        shared = sum(1 for a, b, _ in rows if (a, b) == (label, given_code))
        mine = sum(1 for a, _, _ in rows if a == label)
        theirs = sum(1 for _, b, _ in rows if b == given_code)
        kept = 2 * shared > mine and 2 * shared > theirs
        lived = any(b == given_code for _, b, _ in rows)
        assert kept or not lived or given_code not in set(old["code"])


def test_reading_order_copes_with_none_one_and_points_in_a_line() -> None:
    assert reading_order([], []).tolist() == []
    assert reading_order([3.0], [4.0]).tolist() == [0]
    assert reading_order([0, 0, 0], [1, 3, 2]).tolist() == [1, 2, 0]
    assert reading_order([2, 1, 3], [0, 0, 0]).tolist() == [1, 0, 2]


def test_reading_order_names_every_point_once() -> None:
    rng = np.random.default_rng(1)
    order = reading_order(rng.random(50), rng.random(50))
    assert sorted(order.tolist()) == list(range(50))


def test_a_grid_is_named_after_its_community_and_number() -> None:
    assert grid_name("××社区", code(3)) == "××社区第3网格"
