"""The solver's model of one community: who is in which grid, contiguity added where it is broken.

A solution of the model may have a grid in pieces. Then separators are added and it is solved
again: whoever is in the grid needs one of the nodes that part it from the rest. A piece too light
to be a grid by itself is parted from everything (the clause holds for every grid); otherwise one
node is parted from another. Nodes where nobody lives need no grid in the model: they are asked for
only where they join others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise, product

from geo.redraw.exact.network import Network, load, pieces, reaches
from geo.redraw.exact.solvers import Answer, Expression, answer, cp_sat


class Model:
    """Which node is in which grid: variables, bands, and the separators known so far.

    `allowed` are the nodes that each grid may have. Where only so many `used` grids are to be,
    the others have no node; `kept` are used in any case.
    """

    def __init__(
        self,
        network: Network,
        allowed: Sequence[Collection[int]],
        used: int | None = None,
        kept: Collection[int] = (),
    ) -> None:
        self.network = network
        self.grids = len(allowed)
        self.sat = cp_sat().CpModel()
        self.known: set[tuple[int, int, tuple[int, ...], int | None]] = set()
        self.inside: dict[tuple[int, int], Expression] = {
            (node, grid): self.sat.NewBoolVar("")
            for grid, nodes in enumerate(allowed)
            for node in sorted(nodes)
            if node not in network.gone
        }
        self._place_each()
        if used is None or used == self.grids:
            for grid in range(self.grids):
                self.sat.AddLinearConstraint(self.load(grid), network.low, network.high)
        else:
            self._use(used, kept)
        for node, must in enumerate(network.terminal):
            if must and network.weight[node] < network.low:
                self._part(node, network.near[node])

    def load(self, grid: int) -> Expression:
        """Return the households of a grid, as an expression."""
        weight = self.network.weight
        return sum(
            weight[node] * variable
            for (node, other), variable in self.inside.items()
            if other == grid and weight[node] > 0
        )

    def _use(self, used: int, kept: Collection[int]) -> None:
        """Let so many grids have nodes, each within the band, and the others none."""
        is_used = [self.sat.NewBoolVar("") for _ in range(self.grids)]
        self.sat.Add(sum(is_used) == used)
        for grid, here in enumerate(is_used):
            households = self.load(grid)
            self.sat.Add(households >= self.network.low * here)
            self.sat.Add(households <= self.network.high * here)
            if grid in kept:
                self.sat.Add(here == 1)
        for (_, grid), variable in self.inside.items():
            self.sat.AddImplication(variable, is_used[grid])

    def stay(self, home: Sequence[int]) -> Expression:
        """Return the households that are in their home, as an expression."""
        weight = self.network.weight
        return sum(
            weight[node] * variable
            for (node, grid), variable in self.inside.items()
            if home[node] == grid and weight[node] > 0
        )

    def fewest(self, home: Sequence[int]) -> None:
        """Look for the fewest households that leave their home (-1: none)."""
        weight = self.network.weight
        all_ = sum(weight[node] for node, own in enumerate(home) if own >= 0)
        self.leaving = self.sat.NewIntVar(0, all_, "")
        self.sat.Add(self.leaving == all_ - self.stay(home))
        self.sat.Minimize(self.leaving)

    def between(self, least: int, limit: int) -> None:
        """Look only for plans in which so many households leave their home."""
        domain = self.sat.Proto().variables[self.leaving.Index()].domain
        domain[0], domain[1] = least, limit

    def hint(self, labels: Sequence[int]) -> None:
        """Let the next search begin with a solution."""
        self.sat.ClearHints()
        for (node, grid), variable in self.inside.items():
            self.sat.AddHint(variable, labels[node] == grid)

    def order(self, grids: Sequence[int]) -> None:
        """Let grids that are alike come by their load, so that each plan is looked at once."""
        for one, other in pairwise(grids):
            self.sat.Add(self.load(one) <= self.load(other))

    def solve(self, *, budget: float, seed: int) -> tuple[Answer, list[int]]:
        """Return the solver's answer, and the grid of each node (-1: none)."""
        found = answer(self.sat, list(self.inside.values()), budget=budget, seed=seed)
        labels = [-1] * len(self.network.weight)
        for (node, grid), value in zip(self.inside, found.values or [], strict=False):
            if value:
                labels[node] = grid
        return found, labels

    def part(self, labels: list[int]) -> int:
        """Add what keeps the broken grids of a solution from coming again; return how much."""
        before = len(self.known)
        for grid in range(self.grids):
            nodes = [node for node, label in enumerate(labels) if label == grid]
            broken = [p for p in pieces(self.network, nodes) if self._terminals(p)]
            for piece in broken[:-1]:
                self._part_piece(grid, piece, broken[-1], labels)
        return len(self.known) - before

    def _place_each(self) -> None:
        places: dict[int, list[Expression]] = {node: [] for node in range(len(self.network.weight))}
        for (node, _), variable in self.inside.items():
            places[node].append(variable)
        for node, must in enumerate(self.network.terminal):
            if must:
                self.sat.AddExactlyOne(places[node])
            else:
                self.sat.AddAtMostOne(places[node])

    def _terminals(self, nodes: Iterable[int]) -> list[int]:
        return sorted(node for node in nodes if self.network.terminal[node])

    def _part_piece(self, grid: int, piece: set[int], main: set[int], labels: list[int]) -> None:
        """Part each node of a piece from the main piece, close by and farther out."""
        weight, near = self.network.weight, self.network.near
        root = max(self._terminals(main), key=lambda node: (weight[node], -node))
        walls = [set().union(*(near[node] for node in piece)) - piece]
        wider = self._wider(piece)
        farther = set().union(*(near[node] for node in wider)) - wider
        if not any(labels[node] == grid for node in farther):
            walls.append(farther)
        light = load(self.network, piece) < self.network.low
        for node, wall in product(self._terminals(piece), walls):
            if light:
                self._part(node, wall)
            self._demand(node, grid, self._thinned(node, wall, root), root)

    def _wider(self, piece: set[int]) -> set[int]:
        """Return a piece with all it can reach over nodes where nobody lives."""
        wider, front = set(piece), list(piece)
        while front:
            beside = self.network.near[front.pop()] - wider
            empty = [node for node in beside if not self.network.terminal[node]]
            wider.update(empty)
            front.extend(empty)
        return wider

    def _part(self, node: int, walls: Collection[int]) -> None:
        """Demand, for every grid, one of the walls that keep a node from having enough."""
        if reaches(self.network, node, walls, None):
            return
        thin = self._thinned(node, walls, None)
        for grid in range(self.grids):
            self._demand(node, grid, thin, None)

    def _thinned(self, node: int, walls: Collection[int], goal: int | None) -> tuple[int, ...]:
        """Return walls of which none can be spared; the cheapest to build on are spared first."""
        thin, weight = set(walls), self.network.weight
        for wall in sorted(walls, key=lambda each: (weight[each], each)):
            if not reaches(self.network, node, thin - {wall}, goal):
                thin.discard(wall)
        return tuple(sorted(thin))

    def _demand(self, node: int, grid: int, walls: tuple[int, ...], root: int | None) -> None:
        """If the node (and the root) is in the grid, so is one of the walls."""
        key = (node, grid, walls, root)
        if key in self.known or (node, grid) not in self.inside:
            return
        self.known.add(key)
        ends = [self.inside[node, grid]]
        if root is not None and (root, grid) in self.inside:
            ends.append(self.inside[root, grid])
        between = [self.inside[wall, grid] for wall in walls if (wall, grid) in self.inside]
        self.sat.AddBoolOr([end.Not() for end in ends] + between)
