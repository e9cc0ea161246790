"""Why no plan exists, found by counting alone, in sentences a planner can check on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from geo.redraw.exact.feasibility import apart_nodes
from geo.redraw.exact.network import Network, load, reaches, within
from geo.redraw.problem import Problem
from geo.rules import Band

_NAMED = 8  # atoms named in a sentence at the most


class Proof(NamedTuple):
    """Why there is no plan: with `grids` grids, or with any number where None."""

    grids: int | None
    zh: str
    en: str


def counted(problem: Problem, network: Network, numbers: Sequence[int]) -> tuple[Proof, ...]:
    """Return proofs found without a solver: one for any number of grids, or those for some."""
    general = next(chain(_locked(problem, network), _stranded(problem, network)), None)
    return (general,) if general is not None else _apart(problem, network, numbers)


def too_many_held(held: int, total: float, band: Band) -> Proof:
    """Return why there is no plan where locks and anchors hold more grids than the band allows.

    >>> from geo.rules import Band
    >>> too_many_held(3, 500, Band(200, 300, 250)).en
    'locks and anchors hold 3 grids, and 500 households are enough for 2 of 200 at the most'
    """
    low, most = band.low, int(total // band.low)
    return Proof(
        None,
        f"锁定和锚点占了 {held} 个网格，而 {total:g} 户按每个至少 {low:g} 户，最多够 {most} 个",
        f"locks and anchors hold {held} grids, and {total:g} households are enough for {most} of "
        f"{low:g} at the most",
    )


def indivisible(nodes: int, grids: int, band: Band) -> Proof:
    """Return why there is no plan where every division of few nodes was looked at.

    >>> from geo.rules import Band
    >>> indivisible(3, 2, Band(300, 500, 400)).en
    'however its 3 atoms or estates with households are put together, a grid is not in 300 to 500'
    """
    low, high = band.low, band.high
    return Proof(
        grids,
        f"有户的 {nodes} 个单元（或小区）无论怎样组合，总有网格不在 {low:g}–{high:g} 户之内",
        f"however its {nodes} atoms or estates with households are put together, a grid is not in "
        f"{low:g} to {high:g}",
    )


def summary(proofs: Sequence[Proof], open_: Sequence[int]) -> tuple[str, str]:
    """Return what proofs say together, in Chinese and in English, and what they leave open.

    >>> summary([Proof(None, "甲", "a")], [])
    ('无论分成几个网格都没有可行方案：甲', 'no plan exists with any number of grids because a')
    >>> summary([Proof(4, "甲", "a"), Proof(5, "甲", "a")], [6])[1]
    'no plan exists with 4 or 5 grids because a; with 6 it is not known'
    """
    why: dict[tuple[str, str], list[int | None]] = {}
    for proof in proofs:
        why.setdefault((proof.zh, proof.en), []).append(proof.grids)
    each = [(*text, sorted(numbers, key=lambda k: k or 0)) for text, numbers in why.items()]
    zh = [f"{_numbers_zh(numbers)}：{text}" for text, _, numbers in each]
    en = [f"{_numbers_en(numbers)} because {text}" for _, text, numbers in each]
    if open_:
        zh.append(f"{'、'.join(map(str, open_))} 个网格尚不确定")
        en.append(f"with {_or(open_)} it is not known")
    return "；".join(zh), "; ".join(en)


def _numbers_zh(numbers: Sequence[int | None]) -> str:
    if None in numbers:
        return "无论分成几个网格都没有可行方案"
    return f"{'、'.join(map(str, numbers))} 个网格不可能"


def _numbers_en(numbers: Sequence[int | None]) -> str:
    if None in numbers:
        return "no plan exists with any number of grids"
    plural = "s" if tuple(numbers) != (1,) else ""
    return f"no plan exists with {_or(numbers)} grid{plural}"


def _or(numbers: Sequence[int | None]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} or {last}" if most else last


def _locked(problem: Problem, network: Network) -> Iterator[Proof]:
    """Yield where the atoms locked or anchored to one grid are too many households."""
    for grid, name in enumerate(problem.kept):
        nodes = [node for node, label in enumerate(problem.wanted.tolist()) if label == grid]
        total = load(network, nodes)
        if total > network.high:
            amount, high = _households(network, total), _households(network, network.high)
            yield Proof(
                None,
                f"锁定或锚定在网格“{name}”的地块共 {amount:g} 户，超过上限 {high:g} 户",
                f"the atoms locked or anchored to grid '{name}' have {amount:g} households, "
                f"above {high:g}",
            )


def _stranded(problem: Problem, network: Network) -> Iterator[Proof]:
    """Yield where an atom, or a part behind one, is too few alone and too many with the next."""
    for node, weight in enumerate(network.weight):
        if 0 < weight < network.low:
            near = set(within(network, node, network.high))
            yield from _alone(problem, network, node, near)
        if weight > 0:
            yield from _behind_one(problem, network, node)


def _behind(network: Network, node: int) -> set[int]:
    """Return the parts, each too few households for a grid, that only this node joins to others."""
    behind: set[int] = set()
    for start in sorted(network.near[node]):
        if start not in behind and not reaches(network, start, {node}, None):
            behind |= _beyond(network, start, node)
    return behind


def _beyond(network: Network, start: int, wall: int) -> set[int]:
    seen, front = {start}, [start]
    while front:
        beside = network.near[front.pop()] - seen - {wall}
        seen |= beside
        front.extend(beside)
    return seen


def _behind_one(problem: Problem, network: Network, node: int) -> Iterator[Proof]:
    behind = _behind(network, node)
    if load(network, {node, *behind}) <= network.high or not load(network, behind):
        return
    few, own = (_households(network, load(network, part)) for part in (behind, [node]))
    low, high = (_households(network, bound) for bound in (network.low, network.high))
    zh, en = _named(problem, network, behind)
    yield Proof(
        None,
        f"地块“{problem.names[node]}”（{own:g} 户）是 {zh}（共 {few:g} 户，各不足 {low:g} 户）"
        f"与其他地块之间唯一的通道，合在一起 {few + own:g} 户，超过上限 {high:g} 户",
        f"atom '{problem.names[node]}' ({own:g} households) is the only way to {en} "
        f"({few:g} households in all, too few for a grid of {low:g}), and together they have "
        f"{few + own:g}, above {high:g}",
    )


def _alone(problem: Problem, network: Network, node: int, near: set[int]) -> Iterator[Proof]:
    if load(network, near) >= network.low:
        return
    own, most = (_households(network, load(network, part)) for part in ([node], near))
    low, high = (_households(network, bound) for bound in (network.low, network.high))
    yield Proof(
        None,
        f"地块“{problem.names[node]}”（{own:g} 户）最多只能与邻近地块凑到 {most:g} 户，"
        f"不足 {low:g} 户；再并入任何一个相邻地块就超过 {high:g} 户",
        f"atom '{problem.names[node]}' ({own:g} households) and what can join it have {most:g} at "
        f"the most, fewer than {low:g}; any other neighbour makes that more than {high:g}",
    )


def _apart(problem: Problem, network: Network, numbers: Sequence[int]) -> tuple[Proof, ...]:
    """Return proofs for the numbers that are fewer than atoms that need a grid each."""
    apart = apart_nodes(network)
    fewer = [number for number in numbers if number < len(apart)]
    zh, en = _named(problem, network, apart)
    high = _households(network, network.high)
    return tuple(
        Proof(
            number,
            f"{zh} 这 {len(apart)} 个地块两两不能同在一个网格（连通起来都超过 {high:g} 户），"
            f"至少要 {len(apart)} 个网格",
            f"no two of {en} fit in one grid (each way between two of them has more than "
            f"{high:g} households), so there are at least {len(apart)} grids",
        )
        for number in fewer
    )


def _named(problem: Problem, network: Network, nodes: set[int] | Sequence[int]) -> tuple[str, str]:
    """Return the names of the heaviest nodes, in Chinese and in English."""
    peopled = sorted(nodes, key=lambda node: (-network.weight[node], node))
    peopled = [node for node in peopled if network.weight[node] > 0]
    names = [str(problem.names[node]) for node in peopled[:_NAMED]]
    zh, en = "、".join(f"“{name}”" for name in names), ", ".join(f"'{name}'" for name in names)
    more = len(peopled) - len(names)
    return (zh + f" 等 {len(peopled)} 个地块", en + f" and {more} more") if more else (zh, en)


def _households(network: Network, units: int) -> float:
    return units / network.scale
