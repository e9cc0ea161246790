"""The model of one choice of today's grids that go on, with little left to move.

Who must leave is known then: the households of grids given up, and those above the band. What a
plan may move beyond that is less than the best plan moves beyond it, so heavy nodes of the other
grids stay. Nodes are those with households; over ground where nobody lives they are joined by
ways that do not cross. What breaks a solution is forbidden, and the model asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations, pairwise, product
from typing import Final, NamedTuple

from geo.redraw.exact.network import Network, load, parts_of
from geo.redraw.exact.solvers import Expression, answer, cp_sat
from geo.redraw.exact.survivors import Choice
from geo.redraw.exact.ways import Ground, Way, cross, parted
from geo.redraw.state import NONE, Ints

_TURN: Final = 0.3  # deterministic time of a first turn of the solver, by linear programs or not
_LONGER: Final = 1.5  # each turn takes so many times the one before
_ROUND: Final = 0.005  # deterministic time that a round counts for beside the solver


class Reply(NamedTuple):
    """The grid of each node with households, -1 elsewhere (None: no such solution was found).

    `ruled_out`: there is none; `spent` in deterministic time.
    """

    labels: list[int] | None
    ruled_out: bool
    spent: float


class GoingOn:
    """Who is in which grid, by a choice: variables, ways, and what is forbidden so far."""

    def __init__(
        self, network: Network, ground: Ground, choice: Choice, wanted: Ints, limit: int
    ) -> None:
        """`limit`: of households (units); only plans that move fewer are looked for."""
        self.network, self.choice = network, choice
        self.nodes = sorted(ground.nodes)
        self.near = {node: network.all_near[node] & ground.nodes for node in self.nodes}
        self.home = [own if network.weight[n] else NONE for n, own in enumerate(choice.home)]
        loads = [load(network, self._own(grid)) for grid in range(choice.grids)]
        self.above = [max(0, households - network.high) for households in loads]
        self.spare = limit - 1 - int(choice.moved) - sum(self.above)
        self.sat, self.turn, self.turns = cp_sat().CpModel(), _TURN, 0
        self.inside: dict[tuple[int, int], Expression] = {}
        stays = [households > most for households, most in zip(loads, self._most(), strict=True)]
        self._place(self._allowed(ground.ways, wanted.tolist(), stays))
        self._bound(loads)
        self._join(ground.ways)
        self.forbidden: set[tuple[int, int, frozenset[int], int | None]] = set()
        for node in self.nodes:
            if network.weight[node] < network.low:
                self._lead_out({node}, range(choice.grids), None)

    def solve(self, limit: int, *, budget: float, seed: int) -> Reply:
        """Return a solution that holds but for narrow ground, or that there is none.

        In it fewer households than a limit move, which is no higher than the one at the beginning.
        """
        domain = self.sat.Proto().variables[self.more.Index()].domain
        domain[1] = limit - 1 - int(self.choice.moved) - sum(self.above)
        spent = 0.0
        while spent < budget:
            labels, used, ruled_out, effort = self._turns(budget - spent, seed)
            spent += effort + _ROUND
            if ruled_out or labels is None:
                return Reply(None, ruled_out, spent)
            if not self._forbid(labels, used):
                return Reply(labels, ruled_out=False, spent=spent)
        return Reply(None, ruled_out=False, spent=spent)

    def _own(self, grid: int) -> list[int]:
        return [node for node in self.nodes if self.home[node] == grid]

    def _most(self) -> list[int]:
        """Return the most households that each grid may lose."""
        return [above + self.spare for above in self.above]

    def _allowed(
        self, ways: tuple[Way, ...], wanted: list[int], stays: list[bool]
    ) -> list[set[int]]:
        """Return the nodes each grid may have.

        One that cannot lose all its own has those reached from them over what may move.
        """
        beside = {node: set(near) for node, near in self.near.items()}
        for way in ways:
            beside[way.one.node].add(way.other.node)
            beside[way.other.node].add(way.one.node)
        found = []
        for grid, stay in enumerate(stays):
            open_ = {n for n in self.nodes if self._may_have(grid, n, wanted[n])}
            seen = set(self._own(grid)) & open_ if stay else set(open_)
            front = list(seen)
            while front:
                more = (beside[front.pop()] & open_) - seen
                seen |= more
                front.extend(more)
            found.append(seen)
        return found

    def _may_have(self, grid: int, node: int, wanted: int) -> bool:
        """Tell whether a grid may have a node: its own, or one whose grid can spare it."""
        own = self.home[node]
        if wanted not in (NONE, grid):
            return False
        if own in (NONE, grid):
            return True
        return self.network.weight[node] <= self.above[own] + self.spare

    def _place(self, allowed: list[set[int]]) -> None:
        """Put every node in one grid, each grid in band; grids that are alike by their load.

        Narrow ground may be in none.
        """
        for grid, nodes in enumerate(allowed):
            self.inside.update({(n, grid): self.sat.NewBoolVar("") for n in sorted(nodes)})
        for node in self.nodes:
            grids = [grid for grid, nodes in enumerate(allowed) if node in nodes]
            places = [self.inside[node, grid] for grid in grids]
            if self.network.terminal[node]:
                self.sat.AddExactlyOne(places)
            else:
                self.sat.AddAtMostOne(places)
        loads = [self._households(nodes, grid) for grid, nodes in enumerate(allowed)]
        for households in loads:
            self.sat.AddLinearConstraint(households, self.network.low, self.network.high)
        new = loads[self.choice.named :]
        for one, other in pairwise(new):
            self.sat.Add(one <= other)

    def _households(self, nodes: Iterable[int], grid: int) -> Expression:
        weight = self.network.weight
        return sum(
            weight[node] * self.inside[node, grid]
            for node in sorted(nodes)
            if (node, grid) in self.inside and weight[node]
        )

    def _bound(self, loads: list[int]) -> None:
        """Let each grid lose what it must, and all of them together no more than is to spare."""
        leaving = []
        for grid, households in enumerate(loads):
            least, most = self.above[grid], min(households, self._most()[grid])
            lost = self.sat.NewIntVar(least, max(least, most), "")
            self.sat.Add(lost == households - self._households(self._own(grid), grid))
            leaving.append(lost)
        self.more = self.sat.NewIntVar(0, self.spare, "")
        self.sat.Add(sum(leaving) == sum(self.above) + self.more)

    def _join(self, ways: tuple[Way, ...]) -> None:
        """Make a variable of each way, and of each way by grid: both ends are in it then."""
        both = {
            way: [
                grid
                for grid in range(self.choice.grids)
                if (way.one.node, grid) in self.inside and (way.other.node, grid) in self.inside
            ]
            for way in ways
        }
        self.ways = [way for way in ways if both[way]]
        self.used = [self.sat.NewBoolVar("") for _ in self.ways]
        self.by_grid: dict[tuple[int, int], Expression] = {}
        self.leading: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.crossed: set[int] = set()  # ways of which all crossings are forbidden
        for nth, way in enumerate(self.ways):
            self.leading[way.one.node].append((nth, way.other.node))
            self.leading[way.other.node].append((nth, way.one.node))
            for grid in both[way]:
                self.by_grid[nth, grid] = self._way_of(nth, grid)

    def _way_of(self, nth: int, grid: int) -> Expression:
        """Return the variable of a way in a grid: it is used, and both its ends are in the grid."""
        here, way = self.sat.NewBoolVar(""), self.ways[nth]
        ends = self.inside[way.one.node, grid], self.inside[way.other.node, grid]
        for then in (self.used[nth], *ends):
            self.sat.AddImplication(here, then)
        return here

    def _turns(self, budget: float, seed: int) -> tuple[list[int] | None, list[int], bool, float]:
        """Return the labels and the ways used of a solution, or that there is none."""
        asked = [*self.inside.values(), *self.used, *self.by_grid.values()]
        spent = 0.0
        while True:
            found = answer(
                self.sat, asked, budget=min(self.turn, budget - spent), seed=seed,
                plain=self.turns % 2 == 1,
            )  # fmt: skip
            spent += found.spent
            if found.values is not None or found.ruled_out or spent >= budget - _ROUND:
                break
            self.turn, self.turns = self.turn * _LONGER, self.turns + 1
        if found.values is None:
            return None, [], found.ruled_out, spent
        self.sat.ClearHints()
        for variable, value in zip(asked, found.values, strict=True):
            self.sat.AddHint(variable, value)
        return *self._read(found.values), False, spent

    def _read(self, values: list[bool]) -> tuple[list[int], list[int]]:
        labels = [NONE] * len(self.network.weight)
        for (node, grid), value in zip(self.inside, values, strict=False):
            labels[node] = grid if value else labels[node]
        rest = values[len(self.inside) + len(self.used) :]
        return labels, sorted({nth for (nth, _), on in zip(self.by_grid, rest, strict=True) if on})

    def _forbid(self, labels: list[int], used: list[int]) -> bool:
        """Forbid what is broken in a solution; tell whether anything was."""
        used = self._needed(labels, used)
        broken = self._uncross(used)
        beside = {node: set(near) for node, near in self.near.items()}
        for way in (self.ways[nth] for nth in used):
            beside[way.one.node].add(way.other.node)
            beside[way.other.node].add(way.one.node)
        for grid in range(self.choice.grids):
            every = parts_of(beside, [n for n in self.nodes if labels[n] == grid])
            parts = [part for part in every if any(self.network.terminal[n] for n in part)]
            parts.sort(key=lambda part: (load(self.network, part), min(part)))
            for part in parts[:-1]:
                light = load(self.network, part) < self.network.low
                root = max(parts[-1], key=lambda node: (self.network.weight[node], -node))
                grids = range(self.choice.grids) if light else [grid]
                broken |= self._lead_out(part, grids, None if light else root)
                self._lead_far_out(part, parts[-1], grid, root)
        return broken

    def _lead_far_out(self, part: set[int], main: set[int], grid: int, root: int) -> None:
        """Demand the same of all that is around a part up to what borders on the main part."""
        shut = main.union(*(self.near[node] for node in main))
        wider = self._spread(part, shut)
        if wider == part or part & shut:
            return
        light = load(self.network, wider) < self.network.low
        grids = range(self.choice.grids) if light else [grid]
        self._lead_out(wider, grids, None if light else root)

    def _spread(self, part: set[int], shut: set[int]) -> set[int]:
        wider, front = set(part), list(part)
        while front:
            more = self.near[front.pop()] - wider - shut
            wider |= more
            front.extend(more)
        return wider

    def _needed(self, labels: list[int], used: list[int]) -> list[int]:
        """Return the ways without which a grid would be in more pieces."""
        piece: dict[int, int] = {}
        for grid in range(self.choice.grids):
            for part in parts_of(self.near, [n for n in self.nodes if labels[n] == grid]):
                piece.update(dict.fromkeys(part, min(part)))
        needed = []
        for nth in used:
            one, other = piece[self.ways[nth].one.node], piece[self.ways[nth].other.node]
            if one != other:
                needed.append(nth)
                piece = {node: one if at == other else at for node, at in piece.items()}
        return needed

    def _uncross(self, used: list[int]) -> bool:
        """Forbid the ways that cross, each with all that it crosses; tell whether any did."""
        ways, pairs = self.ways, list(combinations(used, 2))
        crossing = {
            nth for one, other in pairs if cross(ways[one], ways[other]) for nth in (one, other)
        }
        for nth in sorted(crossing - self.crossed):
            self._exclude((nth, rival) for rival, way in enumerate(ways) if cross(ways[nth], way))
        self.crossed |= crossing
        parting = [
            (through, *pair)
            for through, pair in product(used, pairs)
            if parted(ways[through], *(ways[nth] for nth in pair))
        ]
        self._exclude(parting)
        return bool(crossing or parting)

    def _exclude(self, together: Iterable[tuple[int, ...]]) -> None:
        """Forbid ways to be used together."""
        for each in together:
            self.sat.AddBoolOr([self.used[nth].Not() for nth in each])

    def _lead_out(self, part: Collection[int], grids: Iterable[int], root: int | None) -> bool:
        """Demand of each node of a part in a grid (with the root) a way out of the part."""
        known = len(self.forbidden)
        for grid in grids:
            keys = [(node, grid, frozenset(part), root) for node in sorted(part)]
            new = [key for key in keys if key not in self.forbidden and key[:2] in self.inside]
            self.forbidden.update(new)
            out = self._out(part, grid, root) if new else []
            for node, *_ in new:
                self.sat.AddBoolOr([self.inside[node, grid].Not(), *out])
        return len(self.forbidden) > known

    def _out(self, part: Collection[int], grid: int, root: int | None) -> list[Expression]:
        """Return what leads a grid out of a part: neighbours, ways, or that the root is not in."""
        beside = set().union(*(self.near[node] for node in part)).difference(part)
        ends = [end for node in sorted(part) for end in self.leading[node]]
        leading = [nth for nth, end in ends if end not in part]
        out = [self.inside[node, grid] for node in sorted(beside) if (node, grid) in self.inside]
        out += [self.by_grid[nth, grid] for nth in leading if (nth, grid) in self.by_grid]
        if root is not None and (root, grid) in self.inside:
            out.append(self.inside[root, grid].Not())
        return out
