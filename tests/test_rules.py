from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import BadRulesError, UnknownRuleError
from geo.rules import (
    Band,
    MergeRules,
    Weights,
    load_rules,
    merge_rules,
    one_band,
    parse_rules,
)

URBAN = "[band.urban]\nlow = 300\nhigh = 500\n"


def test_the_rules_that_come_with_the_program_band_urban_and_village_but_not_special() -> None:
    rules = load_rules()
    assert rules.band("urban") == Band(300, 500, 400)
    assert rules.band("village") is not None
    assert rules.band("special") is None


def test_a_kind_of_area_without_a_rule_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UnknownRuleError, match="urban") as caught:
        load_rules().band("suburb")
    assert "suburb" in caught.value.sentence_zh


def test_what_a_file_leaves_out_takes_its_default() -> None:
    rules = parse_rules(URBAN)
    assert rules.band("urban") == Band(300, 500, 400)
    assert rules.misfit == "nearest"
    assert rules.weights == Weights()


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(URBAN + '[number]\nmisfit = "more"\n[weights]\nmoved = 3\n', encoding="utf-8")
    rules = load_rules(path)
    assert (rules.misfit, rules.weights.moved) == ("more", 3)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[band", "TOML"),
        ("a = " + "[" * 20_000, "TOML"),
        ("", "band"),
        ("band = 3", "band"),
        ("[band.urban]\nlow = 300", "band.urban.high"),
        ("[band.urban]\nlow = 500\nhigh = 300", "band.urban"),
        ("[band.urban]\nlow = 0\nhigh = 0", "band.urban"),
        ("[band.urban]\nlow = 300\nhigh = inf", "band.urban.high"),
        ("[band.urban]\nlow = nan\nhigh = 500", "band.urban.low"),
        ("[band.urban]\nlow = -1\nhigh = 500", "band.urban.low"),
        ("[band.urban]\nlow = true\nhigh = 500", "band.urban.low"),
        ('[band.urban]\nlow = "300"\nhigh = 500', "band.urban.low"),
        ("[band.urban]\nlow = 300\nhigh = 500\nmiddle = 600", "band.urban"),
        ("[band.urban]\nlow = 300\nhigh = 500\nmost = 600", "band.urban.most"),
        (URBAN + '[number]\nmisfit = "none"', "number.misfit"),
        (URBAN + "[weights]\nbeauty = 1", "weights.beauty"),
        (URBAN + "[weights]\nmoved = -1", "weights.moved"),
        (URBAN + "[bands]\n", "bands"),
        (URBAN + "[merge]\nprice = 4", "merge.price"),
        (URBAN + "[merge]\nprices = 4", "merge.prices"),
        (URBAN + "[merge]\nprices = []", "merge.prices"),
        (URBAN + "[merge]\nprices = [16, 4]", "merge.prices"),
        (URBAN + "[merge]\nprices = [0, 4]", "merge.prices"),
        (URBAN + '[merge]\nprices = ["4"]', "merge.prices"),
        (URBAN + "[merge]\neach = 2", "merge.each"),
        (URBAN + "[merge]\nbehind = 0.5", "merge.behind"),
    ],
)
def test_a_value_out_of_place_is_named(text: str, key: str) -> None:
    with pytest.raises(BadRulesError) as caught:
        parse_rules(text)
    assert caught.value.values["key"] == key


def test_a_file_that_is_not_there_or_is_not_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadRulesError):
        load_rules(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("# 规则".encode("gbk"))
    with pytest.raises(BadRulesError):
        load_rules(tmp_path / "gbk.toml")


def test_one_band_holds_for_town_and_village() -> None:
    rules = one_band(720, 1200)
    assert rules.band("urban") == rules.band("village") == Band(720, 1200, 960)
    assert rules.band("special") is None
    with pytest.raises(BadRulesError):
        one_band(500, 300)


@pytest.mark.parametrize(
    ("total", "numbers"),
    [(0, []), (299, []), (300, [1]), (500, [1]), (501, []), (599, []), (600, [2]), (1200, [3, 4])],
)
def test_the_numbers_of_grids_that_can_be_in_band_follow_the_total(
    total: float, numbers: list[int]
) -> None:
    assert list(Band(300, 500, 400).numbers(total)) == numbers


def test_a_band_without_a_lower_bound_allows_any_number_up_to_the_total() -> None:
    assert list(Band(0, 500, 250).numbers(3)) == [1, 2, 3]


def test_what_merged_borders_are_worth_is_said_by_the_rules_or_by_the_program() -> None:
    own = parse_rules(URBAN + "[merge]\nprices = [2, 8, 32]\neach = 0.5")
    assert merge_rules(own) == MergeRules((2.0, 8.0, 32.0), each=0.5)
    assert merge_rules(parse_rules(URBAN)) == load_rules().merging == MergeRules()
