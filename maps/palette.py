"""The tokens of the visual language: one file for pages, map styles and tests of contrast.

Colour is spent on three things only: balance, state, urgency; each colour has a sign, a glyph or
a word beside it. Every value here is a pair (light base, dark base) unless it says otherwise.
`stylesheet` and `tokens` hand the same values to CSS and to JavaScript.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

Pair: TypeAlias = tuple[str, str]


class BalanceClass(NamedTuple):
    """One of the seven household classes: its sign, its pattern and its colours."""

    key: str
    sign: str
    pattern: str  # "", "dots" or "hatch"
    light: str
    dark: str
    opacity: float


class State(NamedTuple):
    """One task state: word first, glyph second, colour third."""

    key: str
    zh: str
    en: str
    glyph: str
    light: str
    dark: str


class Border(NamedTuple):
    """One kind of border: weight and dash carry the meaning, px on screen."""

    key: str
    zh: str
    en: str
    colour: Pair
    width: float
    dash: tuple[float, ...] = ()
    casing: float = 2.6  # wider than the line by this
    halo: float = 0  # px of the soft band under it


INTERFACE: Final[dict[str, Pair]] = {
    "ink": ("#16202B", "#E8EEF4"),
    "ink-2": ("#4A5766", "#A3B1BF"),
    "ink-3": ("#667384", "#8797A6"),
    "canvas": ("#F4F5F7", "#131B24"),
    "surface": ("#FFFFFF", "#1A242F"),
    "line": ("#DDE2E8", "#2C3A48"),
    "line-2": ("#EBEEF2", "#243040"),
    "input": ("#7C8794", "#7C8794"),
    "bar": ("#12263A", "#0D141B"),
    "bar-ink": ("#FFFFFF", "#FFFFFF"),
    "bar-ink-2": ("#A9BBCB", "#A9BBCB"),
    "bar-on": ("#27425E", "#243A50"),
    "primary": ("#14508F", "#6FB3F2"),
    "on-primary": ("#FFFFFF", "#0D141B"),
    "primary-tint": ("#E8F0F9", "#1D3550"),
    "live": ("#1F6FEB", "#6FB3F2"),
    "good": ("#0A6B5B", "#5DDDB4"),
    "good-tint": ("#E3F3EF", "#143A33"),
    "red": ("#B3261E", "#B3261E"),
    "red-text": ("#B3261E", "#FF8A7D"),
    "red-tint": ("#FCEBE9", "#3A1D1B"),
    "yellow": ("#F2B705", "#F2B705"),
    "yellow-ink": ("#3D2C00", "#3D2C00"),
    "amber": ("#7A4B00", "#F2D28A"),
    "amber-tint": ("#FFF4D6", "#3A2E12"),
    "today": ("#6B4E9B", "#B9A2E0"),
    "mark": ("#7C8794", "#7C8794"),
    "band": ("#D9D3C4", "#3A444E"),
    "up": ("#8A3A06", "#FFB870"),
    "down": ("#0D4F8B", "#7CC4FF"),
}

# Of phones alone: no other sheet carries them.
ON_PHONES: Final[dict[str, Pair]] = {
    "edge": ("#B8C2CC", "#46525E"),
    "tint-edge": ("#A9C4DF", "#35608A"),
    "refused": ("#542300", "#D9A08A"),
    "refused-tint": ("#F3E9E2", "#3B231C"),
}

BALANCE: Final = (
    BalanceClass("far-below", "▼▼", "dots", "#0D4F8B", "#7CC4FF", 0.66),
    BalanceClass("below", "▼", "dots", "#3F86BF", "#3C8CCB", 0.66),
    BalanceClass("just-below", "▼", "", "#9CC3E0", "#24567F", 0.66),
    BalanceClass("in-band", "达标", "", "#EFECE4", "#2B333C", 0.30),
    BalanceClass("just-above", "▲", "", "#F5C08A", "#7A4A1C", 0.66),
    BalanceClass("above", "▲", "hatch", "#DD7A22", "#D07A28", 0.66),
    BalanceClass("far-above", "▲▲", "hatch", "#9A3F06", "#FFB870", 0.66),
)
# Where the outer classes begin, as shares of the band's own limits: 150 and 225 of 300, 575 and
# 650 of 500. A village's or a special grid's rule moves the limits, never the colours.
BELOW_SHARES: Final = (0.5, 0.75)
ABOVE_SHARES: Final = (1.15, 1.3)

STATES: Final = (
    State("new", "待派", "to send", "ring-dashed", "#5A6476", "#86AAB8"),
    State("sent", "待签收", "to accept", "disc-arrow", "#106FF1", "#B6F8FF"),
    State("taken", "办理中", "in hand", "ring-half", "#07337C", "#2F88FF"),
    State("done", "待核查", "to verify", "square-tick", "#118762", "#5DDDB4"),
    State("closed", "已结案", "closed", "disc-tick", "#8A94A0", "#6B7D8F"),
    State("returned", "退单待审", "returned", "diamond-back", "#B4490F", "#D7775E"),
    State("held", "挂账", "on hold", "square-pause", "#542300", "#E2D749"),
)

HEAT: Final[tuple[Pair, ...]] = (
    ("#FFF1B8", "#3B1C5A"),
    ("#FDC44F", "#8A2A7B"),
    ("#F2813A", "#DA4B5E"),
    ("#CF3F5C", "#FB9A3E"),
    ("#7A1F73", "#FFF0A6"),
)
HEAT_OPACITY: Final = (0.42, 0.5, 0.58, 0.66, 0.74)
# Issues a hectare at zoom 16 in a week; the page scales them by zoom and period, never by the data.
# One issue alone reaches 0.6 at its middle there: the first step means "more than one nearby".
HEAT_LIMITS: Final = (1, 2, 4, 8, 16)

BASE: Final[dict[str, Pair]] = {
    "land": ("#F1EFEA", "#18212B"),
    "block": ("#E9E6DF", "#1D2833"),
    "old-town": ("#EAE4DA", "#1F2934"),
    "green": ("#D9E5CF", "#1C302B"),
    "water": ("#BFD8E6", "#122C40"),
    "water-edge": ("#A6C5D8", "#1D4560"),
    "road": ("#FFFFFF", "#35424F"),
    "road-casing": ("#D5D0C6", "#222D38"),
    "rail": ("#B9B4AA", "#46525E"),
    "dwelling": ("#D9D3C8", "#2A3743"),
    "dwelling-edge": ("#C4BCAE", "#3C4B59"),
    "public": ("#D6D6DE", "#303A4A"),
    "name": ("#5B5F66", "#A3B1BF"),
    "halo": ("#FFFFFF", "#141C25"),
}

_MAPPED: Final = (
    *("land", "old-town", "green", "water", "water-edge", "road", "road-casing"),
    *("dwelling", "dwelling-edge", "name", "halo"),
)

_INK: Final[Pair] = ("#101820", "#E8EEF4")
BORDERS: Final = (
    Border("district", "区界", "district", _INK, 4.4, (16, 4, 3, 4, 3, 4), halo=12),
    Border("subdistrict", "街道界", "subdistrict", _INK, 3.6, halo=9),
    Border("community", "社区界", "community", _INK, 3.0, (12, 3, 2, 3)),
    Border("grid", "网格", "grid", _INK, 1.9),
    Border("today", "现行网格（有出入处）", "today's grid", ("#6B4E9B", "#B9A2E0"), 1.8, (5, 4)),
    Border("department", "部门网格", "departmental net", ("#0A6B5B", "#5DDDB4"), 1.6, (1, 4)),
    Border("broken", "不连片", "broken piece", ("#B3261E", "#FF8A7D"), 2.8, (6, 4), casing=3.2),
    Border("atom", "地块单元", "atom", _INK, 0.5, casing=0),
)
HALO: Final[Pair] = ("#14508F", "#6FB3F2")
CASING: Final[Pair] = ("#FFFFFF", "#0D141B")

DARK: Final = "(prefers-color-scheme: dark)"
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{};]+)\{([^{}]*)\}")

FONTS: Final = (
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
)


def limits(low: int, high: int) -> tuple[float, ...]:
    """Six limits between the seven classes of a band, in households.

    >>> limits(300, 500)
    (150.0, 225.0, 300, 500, 575.0, 650.0)
    """
    below = (low * share for share in BELOW_SHARES)
    above = (round(high * share, 6) for share in ABOVE_SHARES)
    return (*below, low, high, *above)


def tokens() -> dict[str, object]:
    """Every token as plain lists and dictionaries, the shape JavaScript reads."""
    return {
        "interface": INTERFACE,
        "balance": [entry._asdict() for entry in BALANCE],
        "belowShares": BELOW_SHARES,
        "aboveShares": ABOVE_SHARES,
        "states": [state._asdict() for state in STATES],
        "heat": HEAT,
        "heatOpacity": HEAT_OPACITY,
        "heatLimits": HEAT_LIMITS,
        "ground": BASE,
        "borders": [border._asdict() for border in BORDERS],
        "halo": HALO,
        "casing": CASING,
        "fonts": font_stack(),
    }


def phone_shades() -> dict[str, Pair]:
    """What the map of a phone is drawn with, by name: (light base, dark base)."""
    here = next((state.light, state.dark) for state in STATES if state.key == "done")
    drawn = {"primary": INTERFACE["primary"], "surface": INTERFACE["surface"], "border": _INK}
    return {**{key: BASE[key] for key in _MAPPED}, **drawn, "here": here}


def font_stack() -> str:
    """The one font stack, in CSS notation; no web font."""
    return ", ".join(f'"{name}"' for name in FONTS) + ", system-ui, sans-serif"


def stylesheet() -> str:
    """Custom properties for both bases: `:root` is light, `[data-base=dark]` is dark.

    A page that says it takes both follows what the person's machine prefers,
    and is light on paper.
    """
    both = ':root:has(meta[name=color-scheme][content="light dark"])'
    preferred = f"@media screen and {DARK} {{\n{_block(both, _properties(1))}}}\n"
    light, dark = _block(":root", _properties(0)), _block(":root[data-base=dark]", _properties(1))
    return f"{light}\n{dark}\n{preferred}"


def without_properties(sheet: str) -> str:
    """A style sheet with values in place of `var(--token)`, for browsers that know no properties.

    Each rule carries the light ones; what differs in the dark follows it for whoever prefers that,
    so that neither the order nor the weight of a rule is another there.

    >>> print(without_properties("a { color: var(--primary); margin: 0; }"))
    a { color: #14508F; margin: 0; }
    @media screen and (prefers-color-scheme: dark) { a { color: #6FB3F2; } }
    >>> without_properties("a { margin: 0; }")
    'a { margin: 0; }'
    """
    said = _COMMENT.sub("", sheet)
    return _RULE.sub(lambda found: _valued(found[0], 0) + _darkened(found[1], found[2]), said)


def _darkened(selector: str, declared: str) -> str:
    """What of a rule is another value in the dark, as a rule after it."""
    both = ((_valued(told, 0), _valued(told, 1)) for told in declared.split(";"))
    dark = "".join(f"{there.strip()}; " for here, there in both if here != there)
    return f"\n@media screen and {DARK} {{ {selector.strip()} {{ {dark}}} }}" if dark else ""


def _valued(text: str, side: int) -> str:
    values = {**_properties(side), **{key: pair[side] for key, pair in ON_PHONES.items()}}
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values[found[1]], text)


def _properties(side: int) -> dict[str, str]:
    shades = {key: pair[side] for key, pair in INTERFACE.items()}
    steps = {f"heat-{step}": pair[side] for step, pair in enumerate(HEAT, start=1)}
    states = {f"state-{state.key}": (state.light, state.dark)[side] for state in STATES}
    balance = {f"balance-{entry.key}": (entry.light, entry.dark)[side] for entry in BALANCE}
    drawn = {"land": BASE["land"][side], "halo": BASE["halo"][side], "border": _INK[side]}
    return {"font": font_stack(), **shades, **steps, **states, **balance, **drawn}


def _block(selector: str, properties: dict[str, str]) -> str:
    lines = "".join(f"  --{key}: {value};\n" for key, value in properties.items())
    return f"{selector} {{\n{lines}}}\n"
