from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadFrameError, StaleDiffError
from geo.plan import apply, compare, lineage

CODES = st.one_of(st.none(), st.sampled_from(["g1", "g2", "g3"]))


def pieces(count: int) -> pd.DataFrame:
    return pd.DataFrame({"households": [10] * count}, index=[f"b{i}" for i in range(count)])


def assignment(codes: list[str | None]) -> pd.Series:
    return pd.Series(codes, index=[f"b{i}" for i in range(len(codes))], dtype="str")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CODES, CODES), max_size=12))
def test_applying_the_difference_gives_the_other_assignment(
    pairs: list[tuple[str | None, str | None]],
) -> None:
    a, b = (assignment([pair[side] for pair in pairs]) for side in (0, 1))
    pd.testing.assert_series_equal(apply(a, compare(a, b, pieces(len(pairs)))), b)


def test_what_moves_is_counted_once() -> None:
    table = pieces(4).assign(
        people=[25, 26, 27, 28],
        estate=["e1", "e1", "e2", None],
        kind=["building", "building", "building", "station"],
    )
    diff = compare(
        assignment(["g1", "g1", "g1", "g1"]), assignment(["g2", "g2", "g1", None]), table
    )
    assert (diff.households, diff.people, diff.buildings, diff.estates) == (30, 79, 2, 1)
    assert (diff.kept, diff.fresh, diff.gone) == (("g1",), ("g2",), ())
    assert diff.moves.index.tolist() == ["b0", "b1", "b3"]


def test_codes_that_vanish_are_gone() -> None:
    diff = compare(assignment(["g1", "g2"]), assignment(["g1", "g1"]), pieces(2))
    assert (diff.kept, diff.fresh, diff.gone) == (("g1",), (), ("g2",))
    assert diff.buildings == 1


def test_the_lineage_of_a_grid_without_households_goes_by_its_pieces() -> None:
    empty = pieces(2).assign(households=0)
    diff = compare(assignment(["g1", "g3"]), assignment(["g2", "g2"]), empty)
    assert diff.lineage[["new", "old"]].to_numpy().tolist() == [["g2", "g1"], ["g2", "g3"]]
    assert diff.lineage.share_of_new.tolist() == [0.5, 0.5]
    by_area = lineage(
        assignment(["g1", "g3"]), assignment(["g2", "g2"]), empty.households, pd.Series([3, 1])
    )
    assert by_area.share_of_new.tolist() == [0.75, 0.25]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CODES, CODES, st.integers(0, 3)), min_size=1, max_size=12))
def test_the_shares_of_a_grid_s_lineage_sum_to_one(
    rows: list[tuple[str | None, str | None, int]],
) -> None:
    a, b = assignment([row[0] for row in rows]), assignment([row[1] for row in rows])
    table = pieces(len(rows)).assign(households=[row[2] for row in rows])
    found = compare(a, b, table).lineage
    for side, codes in (("new", b), ("old", a)):
        sums = found.groupby(side)[f"share_of_{side}"].sum()
        assert sums.to_dict() == pytest.approx(dict.fromkeys(set(codes.dropna()), 1.0))


def test_a_difference_is_refused_where_the_assignment_has_changed() -> None:
    a, b = assignment(["g1", "g1"]), assignment(["g2", "g1"])
    diff = compare(a, b, pieces(2))
    with pytest.raises(StaleDiffError, match="b0"):
        apply(assignment(["g3", "g1"]), diff)
    with pytest.raises(StaleDiffError):
        apply(a.drop("b0"), diff)
    newcomer = compare(assignment([None, "g1"]), a, pieces(2))
    with pytest.raises(StaleDiffError):
        apply(a.drop("b0"), newcomer)


def test_pieces_without_households_or_with_another_index_are_refused() -> None:
    a = assignment(["g1"])
    with pytest.raises(BadFrameError, match="households"):
        compare(a, a, pieces(1).drop(columns="households"))
    with pytest.raises(BadFrameError, match="old"):
        compare(assignment(["g1", "g1"]), a, pieces(1))
