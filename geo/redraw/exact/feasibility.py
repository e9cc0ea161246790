"""Whether a plan exists in which so many grids are all in band: one found, or none, or open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from geo.redraw.exact.model import Model
from geo.redraw.exact.network import Network, filled, within
from geo.redraw.exact.realising import realised
from geo.redraw.state import Ints

_STARTS: Final = 4_000  # nodes × beginnings of a search for nodes apart from each other


class Verdict(NamedTuple):
    """A plan (a label by node), or the proof that there is none, or neither; the effort spent."""

    labels: Ints | None
    ruled_out: bool
    spent: float


def decide(
    network: Network, grids: int, wanted: Sequence[int], *, budget: float, seed: int
) -> Verdict:
    """Return whether the nodes can be so many grids in band.

    Parameters
    ----------
    wanted
        The grid each node must be in, -1 where any will do.
    budget
        Deterministic time, about seconds.
    """
    held = _held(network, wanted)
    apart = (*held, *apart_nodes(network, held))
    if len(apart) > grids:
        return Verdict(None, ruled_out=True, spent=0.0)
    model = Model(network, _allowed(network, grids, wanted, apart))
    model.order(range(len(apart), grids))
    spent = 0.0
    while spent < budget:
        found, labels = model.solve(budget=budget - spent, seed=seed)
        spent += found.spent
        if found.values is None:
            return Verdict(None, found.ruled_out, spent)
        broken = model.part(labels) > 0
        whole = realised(network, labels, grids) if broken else labels
        if whole is not None:
            return Verdict(filled(network, whole), ruled_out=False, spent=spent)
    return Verdict(None, ruled_out=False, spent=spent)


def apart_nodes(network: Network, held: Sequence[int] = ()) -> tuple[int, ...]:
    """Return terminals of which no two fit in one grid, nor one with a node held by another.

    Each way from one to another has more households than the band allows. Not the most that there
    are: as many as are found.
    """
    terminals = [node for node, must in enumerate(network.terminal) if must]
    near = {node: set(within(network, node, network.high)) for node in terminals}
    terminals.sort(key=lambda node: (len(near[node]), -network.weight[node], node))
    free = [node for node in terminals if not any(node in near[other] for other in held)]
    starts = free[: max(1, _STARTS // max(1, len(free)))]
    return max((_chosen(first, free, near) for first in starts), key=len, default=())


def _chosen(first: int, nodes: Sequence[int], near: dict[int, set[int]]) -> tuple[int, ...]:
    """Return the first node and, in turn, each that is near none of those chosen before."""
    chosen = [first]
    for node in nodes:
        if not any(node in near[other] for other in chosen):
            chosen.append(node)
    return tuple(chosen)


def _held(network: Network, wanted: Sequence[int]) -> list[int]:
    """Return the heaviest node wanted in each grid, in the order of the grids."""
    nodes = [node for node, grid in enumerate(wanted) if grid >= 0]
    nodes.sort(key=lambda node: (network.weight[node], -node))
    heaviest = {wanted[node]: node for node in nodes}
    return [heaviest[grid] for grid in sorted(heaviest)]


def _allowed(
    network: Network, grids: int, wanted: Sequence[int], apart: Sequence[int]
) -> list[set[int]]:
    """Return the nodes each grid may have: near its own node, and not wanted elsewhere."""
    own = {node: grid for grid, node in enumerate(apart)}
    every = set(range(len(wanted)))
    near = [set(within(network, node, network.high)) for node in apart]
    near += [every] * (grids - len(apart))
    return [
        {n for n in nodes if wanted[n] in (-1, grid) and own.get(n, grid) == grid}
        for grid, nodes in enumerate(near)
    ]
