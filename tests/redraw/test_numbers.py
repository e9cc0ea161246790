from __future__ import annotations

import string

import pytest

from geo.redraw import REASONS
from geo.redraw.numbers import count_grids, sentence, status
from geo.rules import Rules, load_rules, one_band, parse_rules

RULES = load_rules()
BAND = RULES.band("urban")
VALUES: dict[str, object] = {
    "total": 550.0, "low": 300.0, "high": 500.0, "big": 1, "atom": "a1", "most": 900.0,
    "grids": 2, "tried": 8, "out": 1, "numbers": "2, 3",
    "why_zh": "2 个网格不可能", "why_en": "no plan exists", "known_zh": "", "known_en": "",
}  # fmt: skip


def misfit(rule: str) -> Rules:
    return parse_rules(f'[band.urban]\nlow = 300\nhigh = 500\n[number]\nmisfit = "{rule}"')


@pytest.mark.parametrize(
    ("total", "numbers"), [(800, (2,)), (1200, (3, 4)), (1500, (4, 3, 5)), (2000, (5, 4, 6))]
)
def test_the_number_nearest_to_the_middle_comes_first(total: int, numbers: tuple[int, ...]) -> None:
    assert count_grids([1.0] * total, BAND, RULES).numbers == numbers


@pytest.mark.parametrize(
    ("rule", "total", "number"),
    [
        ("nearest", 510, 1), ("nearest", 590, 2), ("nearest", 550, 1),
        ("fewer", 590, 1), ("more", 510, 2), ("more", 100, 1),
    ],
)  # fmt: skip
def test_a_total_that_fits_none_follows_the_misfit_rule(rule: str, total: int, number: int) -> None:
    count = count_grids([1.0] * total, BAND, misfit(rule))
    assert count.numbers == (number,)
    assert count.reason in {"no_number", "too_few"}


def test_atoms_above_the_band_are_grids_of_their_own() -> None:
    count = count_grids([900.0, 700.0, *[100.0] * 8], BAND, RULES)
    assert (count.numbers, count.big, count.reason) == ((4,), 2, "atom_too_big")
    assert count_grids([900.0], BAND, RULES).numbers == (1,)


def test_there_are_never_more_grids_than_atoms_with_households_nor_fewer_than_held() -> None:
    assert count_grids([500.0, 500.0, 0.0], BAND, RULES).numbers == (2,)
    assert count_grids([200.0] * 4, BAND, RULES, least=4).numbers == (4,)


def test_no_band_and_no_households_make_one_grid() -> None:
    assert count_grids([1.0], None, RULES).reason == "no_band"
    assert count_grids([0.0, 0.0], BAND, RULES).reason == "empty"


@pytest.mark.parametrize("reason", [reason.name for reason in REASONS])
def test_every_reason_has_a_sentence_in_both_languages_and_a_status(reason: str) -> None:
    zh, en = sentence(reason, VALUES)
    assert "{" not in zh + en
    assert not set(en) - set(string.printable)
    assert status(reason) in {"proven", "open"}


def test_a_band_from_nothing_has_a_number_for_every_total() -> None:
    rules = one_band(0, 10)
    assert count_grids([1.0] * 25, rules.band("urban"), rules).reason is None
