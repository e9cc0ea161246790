"""How many grids a community gets, and what to say where no number fits."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

from geo.rules import Band, Rules

_TRIES: Final = 3


class Reason(NamedTuple):
    """Why a community is in band or not; proven: arithmetic says so, no search could help."""

    name: str
    status: Literal["proven", "open"]
    zh: str
    en: str


# One row a reason, in the order they are looked for; the sentences take the community's values.
REASONS: Final[tuple[Reason, ...]] = (
    Reason("in_band", "proven", "全部达标", "every grid is in band"),
    Reason("no_band", "proven", "该类区域不设户数标准", "this kind of area has no band"),
    Reason("empty", "proven", "没有住户，划为 1 个网格", "nobody lives here; one grid"),
    Reason(
        "atom_too_big", "proven",
        "有 {big} 个地块（如 {atom}：{most:g} 户）超过上限 {high:g} 户且不可拆分",
        "{big} atoms (such as {atom}, {most:g} households) exceed {high:g} and cannot be split",
    ),
    Reason(
        "too_few", "proven",
        "全社区仅 {total:g} 户，不足下限 {low:g} 户，划为 1 个网格",
        "the whole community has {total:g} households, fewer than {low:g}; one grid",
    ),
    Reason(
        "no_number", "proven",
        "{total:g} 户无论分成几个网格都不能全部落在 {low:g}–{high:g} 户；按规则划为 {grids} 个",
        "{total:g} households fit no number of grids of {low:g} to {high:g}; {grids} by the rule",
    ),
    Reason("impossible", "proven", "{why_zh}", "{why_en}"),
    Reason(
        "open", "open",
        "试了 {tried} 个方案（网格数 {numbers}），仍有 {out} 个网格未达标，尚无证明{known_zh}",
        "{tried} plans tried (with {numbers} grids), {out} grids are out of band still; "
        "no proof{known_en}",
    ),
)  # fmt: skip


class Count(NamedTuple):
    """The numbers of grids to try, best first; the load to aim at; a reason known in advance."""

    numbers: tuple[int, ...]
    big: int
    reason: str | None


def count_grids(
    weights: list[float],
    band: Band | None,
    rules: Rules,
    *,
    least: int = 1,
    first: int | None = None,
) -> Count:
    """Return the numbers of grids worth trying for a community.

    The number nearest to total ÷ middle of the band among those whose mean can be in band. Where
    there is none, the rules' misfit says which to take. An atom above the band is a grid of its
    own.

    Parameters
    ----------
    weights
        Households of each atom that cannot be split, those of one lock together.
    band, rules
        The community's band, and the rules.
    least
        How many grids there must be at least (locked and anchored ones).
    first
        A number of grids to be tried before the others, if so many can be in band.

    >>> from geo.rules import one_band
    >>> rules = one_band(300, 500)
    >>> count_grids([100.0] * 13, rules.band("urban"), rules).numbers
    (3, 4)
    >>> count_grids([100.0] * 13, rules.band("urban"), rules, first=4).numbers
    (4, 3)
    >>> count_grids([110.0] * 5, rules.band("urban"), rules)
    Count(numbers=(1,), big=0, reason='no_number')
    """
    total = math.fsum(weights)
    peopled = max(1, sum(weight > 0 for weight in weights))
    if band is None or total == 0:
        return Count((max(1, least),), 0, "no_band" if band is None else "empty")
    big = [weight for weight in weights if weight > band.high]
    rest = total - math.fsum(big)
    fitting = [number for number in band.numbers(rest) if number + len(big) <= peopled]
    wanted = rest / band.middle
    asked = None if first is None else first - len(big)
    fitting.sort(key=lambda number: (number != asked, abs(number - wanted), number))
    reason = _misfit_reason(total, band, fitting=bool(fitting), big=bool(big), rest=rest)
    if not fitting:
        fitting = [_misfit(rest, band, rules)] if rest > 0 else [0]
    numbers = [min(max(number + len(big), least, 1), len(weights)) for number in fitting]
    return Count(tuple(dict.fromkeys(numbers))[:_TRIES], len(big), reason)


def sentence(name: str, values: dict[str, object]) -> tuple[str, str]:
    """Return a reason's sentence in Chinese and in English, with the community's values.

    >>> sentence("too_few", {"total": 120, "low": 300})[1]
    'the whole community has 120 households, fewer than 300; one grid'
    """
    reason = next(reason for reason in REASONS if reason.name == name)
    return reason.zh.format(**values), reason.en.format(**values)


def status(name: str) -> str:
    """Return whether a reason is proven or open."""
    return next(reason.status for reason in REASONS if reason.name == name)


def _misfit_reason(
    total: float, band: Band, *, fitting: bool, big: bool, rest: float
) -> str | None:
    if big:
        return "atom_too_big"
    if fitting:
        return None
    return "too_few" if total < band.low and rest > 0 else "no_number"


def _misfit(total: float, band: Band, rules: Rules) -> int:
    """Return the number of grids the rule gives for a total that fits none."""
    fewer = max(1, math.floor(total / band.high))
    more = math.ceil(total / band.high)
    if rules.misfit == "fewer" or total < band.low:
        return fewer
    if rules.misfit == "more":
        return max(1, more)
    return min(fewer, more, key=lambda number: _out(total, number, band))


def _out(total: float, number: int, band: Band) -> float:
    """Return how many households are out of band when all grids are alike."""
    mean = total / max(1, number)
    return number * (max(0.0, band.low - mean) + max(0.0, mean - band.high))
