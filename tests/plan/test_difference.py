from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadFrameError, StaleDiffError
from geo.plan import apply, compare

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


def test_the_lineage_of_a_grid_without_households_is_kept_with_share_zero() -> None:
    empty = pieces(1).assign(households=0)
    diff = compare(assignment(["g1"]), assignment(["g2"]), empty)
    assert diff.lineage.to_dict("records") == [
        {"new": "g2", "old": "g1", "households": 0, "share_of_new": 0.0, "share_of_old": 0.0}
    ]


def test_a_difference_is_refused_where_the_assignment_has_changed() -> None:
    a, b = assignment(["g1", "g1"]), assignment(["g2", "g1"])
    diff = compare(a, b, pieces(2))
    with pytest.raises(StaleDiffError, match="b0"):
        apply(assignment(["g3", "g1"]), diff)
    with pytest.raises(StaleDiffError):
        apply(a.drop("b0"), diff)


def test_pieces_without_households_or_with_another_index_are_refused() -> None:
    a = assignment(["g1"])
    with pytest.raises(BadFrameError, match="households"):
        compare(a, a, pieces(1).drop(columns="households"))
    with pytest.raises(BadFrameError, match="old"):
        compare(assignment(["g1", "g1"]), a, pieces(1))
