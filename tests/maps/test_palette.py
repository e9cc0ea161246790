from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from maps import palette
from tests.maps.colours import contrast, difference, least_distance

UI = palette.INTERFACE | palette.ON_PHONES
BOTH = (0, 1)
# Text token, the ground it stands on.
TEXTS = (
    ("ink", "surface"),
    ("ink", "canvas"),
    ("ink", "primary-tint"),
    ("ink-2", "surface"),
    ("ink-2", "canvas"),
    ("ink-2", "line-2"),
    ("ink-2", "line"),
    ("ink-3", "surface"),
    ("bar-ink", "bar"),
    ("bar-ink", "bar-on"),
    ("bar-ink-2", "bar"),
    ("primary", "surface"),
    ("primary", "primary-tint"),
    ("on-primary", "primary"),
    ("on-primary", "good"),
    ("bar-ink", "red"),
    ("good", "surface"),
    ("good", "good-tint"),
    ("red-text", "surface"),
    ("red-text", "red-tint"),
    ("amber", "amber-tint"),
    ("amber", "surface"),
    ("refused", "refused-tint"),
    ("yellow-ink", "yellow"),
    ("up", "surface"),
    ("down", "surface"),
)
MARKS = (("input", "surface"), ("input", "canvas"), ("mark", "surface"), ("today", "surface"))


@pytest.mark.parametrize("side", BOTH)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_has_a_contrast_of_at_least_4_5(text: str, ground: str, side: int) -> None:
    assert contrast(UI[text][side], UI[ground][side]) >= 4.5


@pytest.mark.parametrize("side", BOTH)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_have_a_contrast_of_at_least_3(mark: str, ground: str, side: int) -> None:
    assert contrast(UI[mark][side], UI[ground][side]) >= 3


@pytest.mark.parametrize("side", BOTH)
@pytest.mark.parametrize("border", palette.BORDERS, ids=lambda border: border.key)
def test_borders_have_a_contrast_of_at_least_3_on_land(border: palette.Border, side: int) -> None:
    assert contrast(border.colour[side], palette.BASE["land"][side]) >= 3


@pytest.mark.parametrize("state", palette.STATES, ids=lambda state: state.key)
def test_a_state_is_a_mark_on_both_bases(state: palette.State) -> None:
    assert contrast(state.light, UI["surface"][0]) >= 3
    assert contrast(state.dark, UI["surface"][1]) >= 3


def test_white_text_reads_on_a_red_card() -> None:
    assert contrast(UI["red"][0], "#FFFFFF") >= 4.5


def test_names_read_on_their_halo() -> None:
    assert all(contrast(palette.BASE["name"][s], palette.BASE["halo"][s]) >= 4.5 for s in BOTH)


@pytest.mark.parametrize("field", ["light", "dark"])
@pytest.mark.parametrize("entries", [palette.BALANCE, palette.STATES], ids=["balance", "states"])
def test_colour_blind_eyes_tell_classes_and_states_apart(
    entries: tuple[palette.BalanceClass | palette.State, ...], field: str
) -> None:
    assert least_distance([getattr(entry, field) for entry in entries]) >= 9


@pytest.mark.parametrize("side", BOTH)
def test_colour_blind_eyes_tell_steps_of_heat_apart(side: int) -> None:
    steps = [pair[side] for pair in palette.HEAT]
    assert min(least_distance(pair) for pair in pairwise(steps)) >= 9


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ],
)
def test_the_colour_difference_agrees_with_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-3)


def test_limits_of_the_urban_rule_are_those_of_the_guide() -> None:
    assert palette.limits(300, 500) == (150, 225, 300, 500, 575, 650)


def test_every_class_out_of_band_has_a_sign_and_the_outer_ones_a_pattern() -> None:
    outer = [entry for entry in palette.BALANCE if entry.key != "in-band"]
    assert all(set(entry.sign) <= {"▲", "▼"} for entry in outer)
    assert [entry.pattern for entry in palette.BALANCE] == [
        *("dots", "dots", "", "", "", "hatch", "hatch")
    ]


def test_states_differ_by_glyph_too() -> None:
    assert len({state.glyph for state in palette.STATES}) == len(palette.STATES)


def test_tokens_go_to_javascript_and_css_whole() -> None:
    assert json.loads(json.dumps(palette.tokens()))["interface"]["ink"] == ["#16202B", "#E8EEF4"]
    sheet = palette.stylesheet()
    assert "--ink: #16202B;" in sheet
    assert ":root[data-base=dark]" in sheet
    assert sheet.count("--heat-") == 15  # light, dark, and dark where the person prefers it
