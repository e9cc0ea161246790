"""Household bands by kind of area, and what a plan is worth: policy, read from a rules file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias, cast, get_args

from geo.errors import BadRulesError, UnknownRuleError

Misfit: TypeAlias = Literal["nearest", "fewer", "more"]
MISFITS: Final[tuple[Misfit, ...]] = get_args(Misfit)

_MOST: Final = 1e9  # a number in a rules file that is larger is a slip of the hand
# In a checkout, then in an installed wheel.
_HOMES: Final = (
    Path(__file__).resolve().parents[1] / "data" / "boundaries" / "rules.toml",
    Path(__file__).resolve().parent / "_boundaries" / "rules.toml",
)


class Band(NamedTuple):
    """The least and the most households of a grid, and the number to aim at."""

    low: float
    high: float
    middle: float

    def numbers(self, total: float) -> range:
        """Return the numbers of grids whose mean lies in the band, ascending; empty if none.

        >>> Band(300, 500, 400).numbers(1000)
        range(2, 4)
        >>> len(Band(300, 500, 400).numbers(550))
        0
        """
        most = math.floor(total / self.low) if self.low > 0 else math.ceil(total)
        return range(max(1, math.ceil(total / self.high)), most + 1)


class Weights(NamedTuple):
    """What a plan costs, after the band: see the rules file."""

    moved: float = 30.0
    border: float = 0.5
    compactness: float = 1.0
    even: float = 0.5


@dataclass(frozen=True)
class BarrierRules:
    """How good a border each road, river or wall is, and what counts as lying along one.

    `reach` in metres, `parallel` in degrees, `price` of a border along none of them, `default`
    worth (0 to 1) of a line that nothing is known of, `worth` by column and value of the lines.
    """

    reach: float = 20.0
    parallel: float = 20.0
    price: float = 1.0
    default: float = 1.0
    worth: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class MergeRules:
    """What borders of several nets are worth when these are merged: see the rules file.

    `prices` of a border that no net has: a plan is drawn at each (`fast`: at the first); `today`
    takes their place where today's grids are given. `each` net that has a border takes so much of
    the price off, below nothing too; a net that keeps less than comes unasked takes `behind` times
    as much and the plan is drawn again. `compactness` and `even` are what is left of these weights.
    """

    prices: tuple[float, ...] = (0.5, 1.0)
    today: float = 0.5
    each: float = 1.0
    behind: float = 1.25
    compactness: float = 0.3
    even: float = 0.2


@dataclass(frozen=True)
class Rules:
    """Bands by kind of area (None: no band), the rule for totals that fit no number, weights.

    `barriers` and `merging` as in the file; None: those that come with the program.
    """

    bands: Mapping[str, Band | None] = field(repr=False)
    misfit: Misfit = "nearest"
    weights: Weights = field(default_factory=Weights)
    barriers: BarrierRules | None = None
    merging: MergeRules | None = None

    def band(self, rule: str) -> Band | None:
        """Return the band of a kind of area; None where it has none.

        Raises
        ------
        UnknownRuleError
            When the rules do not name it.

        >>> load_rules().band("urban")
        Band(low=300.0, high=500.0, middle=400.0)
        """
        if rule not in self.bands:
            raise UnknownRuleError(rule=rule, known=", ".join(self.bands))
        return self.bands[rule]


def one_band(low: float, high: float) -> Rules:
    """Return rules where one band holds for every kind of area but the special one.

    Raises
    ------
    BadRulesError
        When the numbers make no band.

    >>> one_band(300, 500).band("village")
    Band(low=300.0, high=500.0, middle=400.0)
    """
    band = _band({"low": low, "high": high}, "band", "--band")
    return Rules(MappingProxyType({"urban": band, "village": band, "special": None}))


def load_rules(path: Path | None = None) -> Rules:
    """Return the rules of a file, or those that come with the program.

    Raises
    ------
    BadRulesError
        When the file is absent, is no TOML, or a value is out of place: which one, and what it
        should be.
    """
    path = path or next((p for p in _HOMES if p.is_file()), _HOMES[0])
    return parse_rules(_read(path), str(path))


def parse_rules(text: str, path: str = "rules.toml") -> Rules:
    """Return the rules written in a TOML text; `path` names it in errors.

    >>> rules = parse_rules("band.urban = {low = 10, high = 20}")
    >>> rules.band("urban"), rules.misfit
    (Band(low=10.0, high=20.0, middle=15.0), 'nearest')
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # lists in lists without end
        raise BadRulesError(path=path, key="TOML", found=error, expected="TOML") from error
    return _rules(data, path)


def as_rules(given: object) -> Rules:
    """Return rules as they are, those of a file (its path), of tables, or the program's (None).

    Raises
    ------
    BadRulesError
        As for a file, and for anything else than these.

    >>> as_rules({"band": {"urban": {"low": 10, "high": 20}}}).band("urban")
    Band(low=10.0, high=20.0, middle=15.0)
    """
    if isinstance(given, Rules):
        return given
    if given is None or isinstance(given, (str, Path)):
        return load_rules(None if given is None else Path(given))
    if isinstance(given, Mapping):
        return _rules(given, "rules")
    expected = "Rules | path | {'band': {'urban': {'low': 300, 'high': 500}}}"
    raise BadRulesError(path="rules", key="–", found=given, expected=expected)


def _rules(data: Mapping[str, object], path: str) -> Rules:
    _known(data, {"band", "number", "weights", "barriers", "merge"}, "", path)
    tables = _table(data, "band", path)
    if not tables:
        raise BadRulesError(path=path, key="band", found="–", expected="[band.urban] …")
    bands = {str(n): _band(_table(tables, n, path), f"band.{n}", path) for n in tables}
    return Rules(
        MappingProxyType(bands),
        _misfit(_table(data, "number", path), path),
        _weights(_table(data, "weights", path), path),
        _barriers(_table(data, "barriers", path), path) if "barriers" in data else None,
        _merging(_table(data, "merge", path), path) if "merge" in data else None,
    )


def _read(path: Path) -> str:
    try:
        # Editors of Windows write a mark before the text.
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRulesError(path=path, key="–", found=error, expected="UTF-8 TOML") from error


def _table(data: Mapping[str, object], key: str, path: str) -> Mapping[str, object]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise BadRulesError(path=path, key=key, found=value, expected=f"[{key}]")
    return value


def _known(data: Mapping[str, object], known: set[str], key: str, path: str) -> None:
    for name in data:
        if name not in known:
            where = f"{key}.{name}".lstrip(".")
            raise BadRulesError(path=path, key=where, found=name, expected=", ".join(sorted(known)))


def _number(data: Mapping[str, object], key: str, where: str, path: str) -> float:
    value = data.get(key)
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not good or not 0 <= cast("float", value) < _MOST:
        raise BadRulesError(path=path, key=f"{where}.{key}", found=value, expected="0 … 1e9")
    return float(cast("float", value))


def _band(data: Mapping[str, object], where: str, path: str) -> Band | None:
    """Return the band of a table; an empty table has none."""
    if not data:
        return None
    _known(data, set(Band._fields), where, path)
    low, high = (_number(data, key, where, path) for key in ("low", "high"))
    middle = _number(data, "middle", where, path) if "middle" in data else (low + high) / 2
    if not (0 <= low <= middle <= high and high > 0):
        found = f"low {low:g}, middle {middle:g}, high {high:g}"
        raise BadRulesError(path=path, key=where, found=found, expected="low ≤ middle ≤ high")
    return Band(low, high, middle)


def _misfit(data: Mapping[str, object], path: str) -> Misfit:
    _known(data, {"misfit"}, "number", path)
    value = data.get("misfit", "nearest")
    if value not in MISFITS:
        expected = ", ".join(MISFITS)
        raise BadRulesError(path=path, key="number.misfit", found=value, expected=expected)
    return value


def _weights(data: Mapping[str, object], path: str) -> Weights:
    _known(data, set(Weights._fields), "weights", path)
    return Weights(**{key: _number(data, key, "weights", path) for key in data})


def barrier_rules(rules: Rules) -> BarrierRules:
    """Return what rules say of barriers, or those of the program.

    A table of `worth` in a file adds to the program's: columns and values it names count instead.
    """
    if rules.barriers is None:
        return load_rules().barriers or BarrierRules()
    known = (load_rules().barriers or BarrierRules()).worth
    own = rules.barriers.worth
    worth = {name: {**known.get(name, {}), **own.get(name, {})} for name in {**own, **known}}
    return replace(rules.barriers, worth=worth)


def merge_rules(rules: Rules) -> MergeRules:
    """Return what rules say of merging nets, or what those of the program do.

    >>> merge_rules(one_band(300, 500)).prices
    (0.5, 1.0)
    """
    return rules.merging or load_rules().merging or MergeRules()


def _merging(data: Mapping[str, object], path: str) -> MergeRules:
    _known(data, {"prices", *MergeRules.__dataclass_fields__}, "merge", path)
    figures = {key: _number(data, key, "merge", path) for key in data if key != "prices"}
    if "each" in figures:
        _share(data, "each", "merge", path)
    if figures.get("behind", 1.0) < 1:
        found = data["behind"]
        raise BadRulesError(path=path, key="merge.behind", found=found, expected="≥ 1")
    return replace(MergeRules(), **figures, prices=_prices(data, path))


def _prices(data: Mapping[str, object], path: str) -> tuple[float, ...]:
    listed = data.get("prices", list(MergeRules().prices))
    if not isinstance(listed, list) or not listed:
        raise BadRulesError(path=path, key="merge.prices", found=listed, expected="[4, 16]")
    rows = [{"prices": price} for price in listed]
    prices = tuple(_number(row, "prices", "merge", path) for row in rows)
    if list(prices) != sorted(set(prices)) or prices[0] <= 0:
        raise BadRulesError(path=path, key="merge.prices", found=listed, expected="0 < 4 < 16 …")
    return prices


def _barriers(data: Mapping[str, object], path: str) -> BarrierRules:
    figures = ("reach", "parallel", "price", "default")
    _known(data, {*figures, "worth"}, "barriers", path)
    numbers = {key: _number(data, key, "barriers", path) for key in figures if key in data}
    tables = _table(data, "worth", path)
    worth = {name: _worth(_table(tables, name, path), name, path) for name in tables}
    found = BarrierRules(**numbers, worth=worth)
    _share({"default": found.default}, "default", "barriers", path)
    return found


def _worth(data: Mapping[str, object], name: str, path: str) -> dict[str, float]:
    return {key: _share(data, key, f"barriers.worth.{name}", path) for key in data}


def _share(data: Mapping[str, object], key: str, where: str, path: str) -> float:
    value = _number(data, key, where, path)
    if value > 1:
        raise BadRulesError(path=path, key=f"{where}.{key}", found=value, expected="0 … 1")
    return value
