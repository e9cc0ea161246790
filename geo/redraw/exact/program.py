"""All plans by a choice that move few enough, as the rules of a logic program.

An atom of it says that a node is in a grid. Whoever is in a grid must be reached from the grid's
root: such rules have no circle that holds itself, so a solver of logic programs sees by itself what
has been cut off, and learns from it. Of all plans only those are asked for in which no ground
without people is more than its grid needs to hold together: each plan has one of these in it.

Source: Gelfond and Lifschitz (1988), The stable model semantics for logic programming; Gebser,
Kaufmann and Schaub (2012), Conflict-driven answer set solving: how such rules are solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geo.redraw.exact.known import Case
from geo.redraw.exact.network import Network
from geo.redraw.exact.solvers import Expression
from geo.redraw.state import NONE, Ints


class _Roots(NamedTuple):
    """By node, the atom that a grid's root is chosen there, and that it is met there or before."""

    chosen: dict[int, int]
    met: dict[int, int]


class Program:
    """The rules, written into a solver; `places` are the atoms by node and grid.

    `roots` are each grid's heaviest certain node, -1 where none is known.
    """

    def __init__(self, network: Network, case: Case, roots: Sequence[int]) -> None:
        self.network, self.case, self.roots = network, case, roots
        self.places: dict[tuple[int, int], int] = {}
        self.limits: dict[int, int] = {}  # by limit, the atom for plans below it
        self.size = 0  # literals in all
        self.out: Expression = None

    def begin(self, out: Expression, may: Ints) -> None:
        """Write what holds for any limit; `may` are the grids left to each node, as bits."""
        self.out = out
        self.places = {
            (node, grid): out.add_atom()
            for node in range(len(may))
            if node not in self.network.gone
            for grid in range(self.case.grids)
            if (int(may[node]) >> grid) & 1
        }
        self._place_each(may)
        before: _Roots | None = None
        for grid in range(self.case.grids):
            here = {node: atom for (node, other), atom in self.places.items() if other == grid}
            self._hold(here)
            drawn = self._reach(here, self.roots[grid])
            if drawn is not None and (self.case.fresh >> grid) & 1:
                self._order(before, drawn)
                before = drawn
            self._spare(here, self.roots[grid])

    def limit(self, out: Expression, below: tuple[int, Case], may: Ints, worths: Ints) -> None:
        """Let plans be asked for that move fewer than a limit: by an atom, which is true for them.

        What moves is counted by itself, and by what households are worth (`worths`, a row for each
        such sum); `may` as far as it is known for the limit. Whoever moves fewer than a lower limit
        does so for a higher one.
        """
        (limit, case), self.out = below, out
        guard = out.add_atom()
        out.add_rule([guard], [], choice=True)
        for known, other in self.limits.items():
            self._never([guard, -other] if limit < known else [other, -guard])
        self.limits[limit] = guard
        for (node, grid), atom in self.places.items():
            if (int(may[node]) >> grid) & 1 == 0:
                self._never([guard, atom])
        self._at_most(self._moves(), case.total, guard)
        for worth in worths:
            self._at_most(*self._told(case, may, worth), guard)

    def asked(self, limit: int) -> list[int]:
        """Return what to assume for a limit: that, and no lower one."""
        return [atom if known >= limit else -atom for known, atom in self.limits.items()]

    def _moves(self) -> list[tuple[int, int]]:
        """Return what moves by each place."""
        case = self.case
        return [
            (atom, int(case.weight[node]))
            for (node, grid), atom in self.places.items()
            if case.weight[node] and case.home[node] not in (NONE, grid)
        ]

    def _told(self, case: Case, may: Ints, worth: Ints) -> tuple[list[tuple[int, int]], int]:
        """Return what each place costs beyond its node's cheapest, and how much all may."""
        prices: dict[int, list[tuple[int, int]]] = {}
        for (node, grid), atom in self.places.items():
            if case.weight[node] and (int(may[node]) >> grid) & 1:
                moved = int(case.home[node] not in (NONE, grid))
                cost = int(case.weight[node]) * (moved - int(worth[grid]))
                prices.setdefault(node, []).append((cost, atom))
        least = {node: min(cost for cost, _ in each) for node, each in prices.items()}
        bounds = np.where(worth > 0, case.low, case.high) * worth
        dear = [
            (atom, cost - least[node])
            for node, each in prices.items()
            for cost, atom in each
            if cost > least[node]
        ]
        return dear, case.total - int(bounds.sum()) - sum(least.values())

    def _place_each(self, may: Ints) -> None:
        """Put every node in one grid; ground where nobody lives may also be in none."""
        by_node: dict[int, list[int]] = {}
        for (node, _), atom in self.places.items():
            by_node.setdefault(node, []).append(atom)
        for node, atoms in by_node.items():
            in_none = (int(may[node]) >> self.case.grids) & 1
            (self._choose if in_none else self._one_of)(atoms)

    def _hold(self, here: dict[int, int]) -> None:
        """Hold a grid's households within the band."""
        weight = self.case.weight
        loads = [(atom, int(weight[node])) for node, atom in here.items() if weight[node]]
        self._at_most(loads, self.case.high)
        could = sum(households for _, households in loads)
        self._at_most([(-atom, households) for atom, households in loads], could - self.case.low)

    def _reach(self, here: dict[int, int], root: int) -> _Roots | None:
        """Demand that each node of a grid is reached from its root; return that if it is asked."""
        reached = {node: self.out.add_atom() for node in here}
        for node, atom in here.items():
            for other in self._beside(here, node):
                self._rule([reached[node]], [atom, reached[other]])
            self._never([atom, -reached[node]])
        if root == NONE:
            return self._root(here, reached)
        self._rule([reached[root]], [here[root]])
        return None

    def _root(self, here: dict[int, int], reached: dict[int, int]) -> _Roots:
        """Make a grid's heaviest node its root, of equals the first."""
        weight = self.case.weight
        nodes = sorted((n for n in here if weight[n]), key=lambda node: (-weight[node], node))
        roots = _Roots(*({node: self.out.add_atom() for node in nodes} for _ in range(2)))
        self._one_of(list(roots.chosen.values()))
        for node, before in zip(nodes, [None, *nodes], strict=False):
            self._rule([reached[node]], [roots.chosen[node]])
            self._rule([roots.met[node]], [roots.chosen[node]])
            if before is not None:
                self._rule([roots.met[node]], [roots.met[before]])
            self._never([roots.chosen[node], -here[node]])
            self._never([here[node], -roots.met[node]])
        return roots

    def _order(self, first: _Roots | None, second: _Roots) -> None:
        """Demand that of new grids, which are alike, the one before has the heavier root."""
        met = first.met if first is not None else {}
        for node, chosen in second.chosen.items():
            if node in met:
                self._never([chosen, -met[node]])

    def _one_of(self, atoms: Sequence[int]) -> None:
        """Demand that one of some atoms holds."""
        self._choose(atoms)
        self._never([-atom for atom in atoms])

    def _choose(self, atoms: Sequence[int]) -> None:
        """Let one of some atoms hold, or none."""
        self.out.add_rule(atoms, [], choice=True)
        if len(atoms) > 1:
            self._weigh(2, [(atom, 1) for atom in atoms])

    def _spare(self, here: dict[int, int], root: int) -> None:
        """Leave out what a grid does not need: bare ground must part what is beside it.

        A neighbour in the grid needs another there that does not border on it. A node with people,
        not its root, needs a neighbour.
        """
        for node, atom in here.items():
            beside = self._beside(here, node)
            bare = not self.case.asked[node]
            if bare or root not in (NONE, node):
                self._never([atom, *(-here[other] for other in beside)])
            for other in beside if bare else ():
                near = self.network.near[other]
                rest = [-here[each] for each in beside if each != other and each not in near]
                self._never([atom, here[other], *rest])

    def _beside(self, here: dict[int, int], node: int) -> list[int]:
        return sorted(other for other in self.network.near[node] if other in here)

    def _at_most(
        self, terms: Sequence[tuple[int, int]], most: int, guard: int | None = None
    ) -> None:
        """Demand that weights of what holds add up to no more than so much, if a guard holds."""
        given = [] if guard is None else [guard]
        if most < 0:
            self._never(given)
        elif sum(weight for _, weight in terms) > most:
            more = [self.out.add_atom() for _ in given]
            self._weigh(most + 1, terms, more)
            if more:
                self._never([*given, *more])

    def _weigh(
        self, lower: int, terms: Sequence[tuple[int, int]], head: Sequence[int] = ()
    ) -> None:
        self.size += len(terms)
        self.out.add_weight_rule(head, lower, terms)

    def _never(self, body: Sequence[int]) -> None:
        """Rule out that all of this holds; `-atom` where one does not."""
        self._rule([], body)

    def _rule(self, head: Sequence[int], body: Sequence[int]) -> None:
        self.size += len(body) + len(head)
        self.out.add_rule(head, body)
