from __future__ import annotations

import pytest

from geo.errors import MissingBoundaryFileError
from geo.reference import boundary_file, code_history, divisions


def test_every_division_lies_under_one_of_the_level_above() -> None:
    frame = divisions().set_index("code")
    levels = frame["level"]
    above = {"district": "city", "subdistrict": "district", "community": "subdistrict"}
    children = frame[levels != "city"]
    assert (levels.loc[children["parent"]].to_numpy() == children["level"].map(above)).all()
    assert all(code.startswith(parent) for code, parent in children["parent"].items())


def test_the_code_says_the_level() -> None:
    frame = divisions()
    digits = {"city": 4, "district": 6, "subdistrict": 9, "community": 12}
    assert (frame["code"].str.len() == frame["level"].map(digits)).all()
    assert frame["code"].is_unique


def test_names_for_display_drop_the_committee_and_communities_say_their_rule() -> None:
    frame = divisions().set_index("code")
    assert frame.loc["370102001002", "name"] == "解放桥社区"
    assert frame.loc["370102001002", "official"] == "解放桥社区居民委员会"
    communities = frame[frame["level"] == "community"]
    assert set(communities["rule"]) == {"urban", "village"}
    assert communities["rule"].eq("village").sum() == 4691
    assert not communities["name"].str.endswith("委员会").any()


def test_replaced_codes_lead_to_codes_in_use() -> None:
    history, today = code_history(), set(divisions()["code"])
    assert set(history["new_code"]) <= today
    assert not set(history["old_code"]) & today
    assert history["valid_to"].is_monotonic_increasing


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MissingBoundaryFileError, match=r"no_such\.csv"):
        boundary_file("no_such.csv")
