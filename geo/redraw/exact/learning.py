"""Whether any plan by a choice moves fewer than a limit, asked of a solver that learns.

The search node by node (`branching`) meets a dead end from every side. This one takes down what
each of them came of, and never gets there again. What that search takes away before its first step
is left out here too, and what households were worth in it is counted here (`worths`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.redraw.exact.branching import SPEED, Reply
from geo.redraw.exact.known import WORK, Case, Room, case_of, new_room
from geo.redraw.exact.network import Network
from geo.redraw.exact.program import Program
from geo.redraw.exact.pruning import prune
from geo.redraw.exact.reaching import root_of
from geo.redraw.exact.shaving import shave
from geo.redraw.exact.solvers import Expression, clasp
from geo.redraw.exact.survivors import Choice
from geo.redraw.exact.worths import worths_of
from geo.redraw.state import NONE, Ints

_WORK: Final = 3_000_000  # nodes × grids for trying places, and for ways down
_SUMS: Final = 20  # of what every plan moves, by different worths
_WRITING: Final = 2e-6  # deterministic time that a literal of a program takes to be written
_ASKING: Final = 1e-3  # deterministic time of a question that is answered at once
_CONFLICT: Final = 1.3e-5, 4e-10  # deterministic time of a conflict, and for each literal
_CACHED: Final = 100_000, 1e-9  # literals from which on one takes so much more: out of the cache
_LARGEST: Final = 2**31 - 1  # sum of a program
_OPTIONS: Final = "--models=1", "--configuration=trendy", "--heuristic=Vsids,80"
_SIGNS: Final = "asp", "rnd"  # tried first for what nothing is known of, by turns


def _conflict(size: int) -> float:
    """Return the deterministic time of a conflict in a program of so many literals."""
    return _CONFLICT[0] + _CONFLICT[1] * size + _CACHED[1] * max(0, size - _CACHED[0])


def fits(network: Network) -> bool:
    """Tell whether the solver can add up the households, which it does in numbers of 32 bits."""
    return sum(network.weight) < _LARGEST


class Learner:
    """All plans by a choice, and what was learned of them: what one limit told serves the others.

    No limit is above `highest`; the community is one that `fits`.
    """

    def __init__(self, network: Network, choice: Choice, wanted: Ints, highest: int) -> None:
        self.network, self.choice, self.wanted = network, choice, wanted
        self.highest = highest
        self.left: dict[int, bool] = {}  # by limit: whether a plan may be left
        self.solver: Expression = None
        self.program: Program | None = None
        self.worths = np.empty((0, choice.grids), np.int64)  # seen on ways down the tree
        self.turns = 0
        self.counted = 0, 0  # conflicts and choices of the last turn

    def ask(self, limit: int, budget: float) -> Reply:
        """Return a plan in which fewer households than a limit move, or that there is none.

        In so much deterministic time; making the question ready comes on top.
        """
        spent = _ASKING + (0.0 if limit in self.left else self._ready(limit))
        if not self.left[limit] or self.program is None:
            return Reply(None, not self.left[limit], spent)
        each = _conflict(self.program.size)
        self.solver.configuration.solver.sign_def = _SIGNS[self.turns % len(_SIGNS)]
        self.turns += 1
        self.solver.configuration.solve.solve_limit = f"{max(1, int(budget / each))},umax"
        plans: list[list[int]] = []
        found = self.solver.solve(
            assumptions=self.program.asked(limit),
            on_model=lambda model: plans.append(self._labels(model)),
        )
        self.left[limit] = not found.unsatisfiable
        spent += each * self._conflicts()
        return Reply(plans[0] if plans else None, not self.left[limit], spent)

    def _conflicts(self) -> int:
        """Return the conflicts of the last turn; none where it ended before its first choice."""
        counted = self.solver.statistics["solving"]["solvers"]
        before, self.counted = self.counted, (int(counted["conflicts"]), int(counted["choices"]))
        return 0 if self.counted == before else self.counted[0]

    def _ready(self, limit: int) -> float:
        """Make a limit ready, at first the highest one; return the deterministic time it took."""
        spent = 0.0
        for each in sorted({limit} if self.program else {limit, self.highest}, reverse=True):
            case = case_of(self.network, self.choice, self.wanted, each)
            room = new_room(case, self.wanted)
            left = bool(prune(case, room) and shave(case, room, _WORK))
            self.left[limit] = self.left[each] = left
            written = self._write(each, case, room) if left else 0
            spent += int(room.now[WORK]) / SPEED + _WRITING * written
            if not left:
                break
        return spent

    def _write(self, limit: int, case: Case, room: Room) -> int:
        """Write a limit into the solver, at first all the rules; return how many literals."""
        if self.program is None:
            self.worths = worths_of(case, room, most=_SUMS, work=_WORK)
            self.solver = clasp().Control(_OPTIONS, message_limit=0)
            roots = [int(root_of(case, room, grid)) for grid in range(case.grids)]
            self.program = Program(self.network, case, roots)
        before, worths = self.program.size, np.vstack([room.worth, self.worths])
        most = int(case.weight.sum()) * (1 + np.ptp(worths, axis=1))
        with self.solver.backend() as out:
            if not self.program.places:
                self.program.begin(out, room.may)
            self.program.limit(out, (limit, case), room.may, worths[most < _LARGEST])
        return self.program.size - before

    def _labels(self, model: Expression) -> list[int]:
        """Return the grid of each node, -1 where nobody needs one."""
        labels = [NONE] * len(self.network.weight)
        for (node, grid), atom in self.program.places.items() if self.program else ():
            if model.is_true(atom):
                labels[node] = grid
        return labels
