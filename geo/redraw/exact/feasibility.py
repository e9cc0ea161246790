"""Whether a plan exists in which so many grids are all in band: one found, or none, or open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.model import Model
from geo.redraw.exact.network import Network, filled, within
from geo.redraw.exact.realising import realised
from geo.redraw.state import Ints

_STARTS: Final = 40  # nodes a search for nodes that part grids begins from


class Verdict(NamedTuple):
    """A plan (a label by node), or the proof that there is none, or neither; the effort spent.

    `apart`: terminals of which no two fit in one grid.
    """

    labels: Ints | None
    ruled_out: bool
    apart: tuple[int, ...]
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
    apart = apart_nodes(network, wanted)
    if len(apart) > grids:
        return Verdict(None, ruled_out=True, apart=apart, spent=0.0)
    model = Model(network, _allowed(network, grids, wanted, apart))
    alike = range(len(apart), grids)
    model.order(alike)
    spent = 0.0
    while spent < budget:
        found, labels = model.solve(budget=budget - spent, seed=seed)
        spent += found.spent
        if found.values is None:
            return Verdict(None, found.ruled_out, apart, spent)
        whole = realised(network, labels, grids)
        if whole is not None:
            return Verdict(filled(network, whole), ruled_out=False, apart=apart, spent=spent)
        model.part(labels)
    return Verdict(None, ruled_out=False, apart=apart, spent=spent)


def apart_nodes(network: Network, wanted: Sequence[int]) -> tuple[int, ...]:
    """Return terminals that are in a grid each, whatever the plan: as many as are found.

    Those that stand for the grids wanted come first, in the order of these. Of the others no two
    fit in one grid: each way from one to another has more households than the band allows.
    """
    most = network.high
    terminals = [node for node, must in enumerate(network.terminal) if must]
    near = {node: set(within(network, node, most)) for node in terminals}
    held = _held(network, wanted)
    terminals.sort(key=lambda node: (len(near[node]), -network.weight[node], node))
    free = [n for n in terminals if not any(n in near[h] for h in held)] if held else terminals
    best: list[int] = []
    for first in free[:_STARTS]:
        chosen = [first]
        for node in free:
            if not any(node in near[other] for other in chosen):
                chosen.append(node)
        best = max(best, chosen, key=len)
    return (*held, *best)


def _held(network: Network, wanted: Sequence[int]) -> list[int]:
    """Return the heaviest node wanted in each grid, in the order of the grids."""
    labels = sorted({label for label in wanted if label >= 0})
    return [
        max(
            (n for n, label in enumerate(wanted) if label == grid),
            key=lambda n: (network.weight[n], -n),
        )
        for grid in labels
    ]


def _allowed(
    network: Network, grids: int, wanted: Sequence[int], apart: Sequence[int]
) -> list[set[int]]:
    """Return the nodes each grid may have: near its own node, and not wanted elsewhere."""
    own = {node: grid for grid, node in enumerate(apart)}
    allowed = []
    for grid in range(grids):
        nodes = within(network, apart[grid], network.high) if grid < len(apart) else wanted
        allowed.append(
            {
                node
                for node in (nodes if grid < len(apart) else range(len(wanted)))
                if wanted[node] in (-1, grid) and own.get(node, grid) == grid
            }
        )
    return allowed


def as_array(labels: Sequence[int]) -> Ints:
    """Return labels as an array."""
    return np.asarray(labels, np.int64)
