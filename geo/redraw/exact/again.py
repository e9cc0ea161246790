"""Searches begun again from today's grids, each by another lot: plans that move fewer.

The nearer the best plan known is to the least change, the more of all others can be left out from
the beginning. It is known as multi-start search.

Source: Feo and Resende (1995), Greedy randomized adaptive search procedures: starts drawn by lot,
each made better, the best one kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from geo.redraw.exact.plans import Plan, Plans
from geo.redraw.exact.regions import Regions
from geo.redraw.exact.survivors import Choice, first_choices
from geo.redraw.state import Ints

_CHOICES: Final = 3  # of today's grids given up, taken in turns
_ABOUT: Final = 1.15  # times the best plan, what others may move to be divided anew
_DIVIDED: Final = 0.3  # deterministic time for that

# Labels of a plan in band by a choice (None: none was found) and the deterministic time it took;
# the second argument says by which lot.
Anew: TypeAlias = Callable[[Choice, int], tuple[Ints | None, float]]


class Again:
    """Searches begun again, the plans that they came to, and the time it took."""

    def __init__(self, plans: Plans, regions: Regions, anew: Anew) -> None:
        self.plans, self.regions, self.anew = plans, regions, anew
        self.begun, self.spent = 0, 0.0
        self.met: set[bytes] = set()

    def searched(self, best: Plan, *, budget: float, choice: Choice | None = None) -> Plan:
        """Return the best plan after searches for so much deterministic time.

        By one choice of today's grids to keep, or by the first ones in turns.
        """
        until = self.spent + budget
        choices = self._first(int(best.labels.max()) + 1) if choice is None else [choice]
        while self.spent < until:
            left = [choice for choice in choices if choice.moved < best.moved]
            if not left:
                break
            each = left[self.begun % len(left)]
            labels, spent = self.anew(each, self.begun)
            self.begun, self.spent = self.begun + 1, self.spent + spent
            best = self._better(best, each, labels)
        return best

    def _first(self, grids: int) -> list[Choice]:
        weight = np.asarray(self.plans.network.weight)
        return first_choices(weight, self.plans.problem, grids, _CHOICES)

    def _better(self, best: Plan, choice: Choice, labels: Ints | None) -> Plan:
        """Return the better of the best plan and another, a few grids of which are divided anew."""
        if labels is None or labels.tobytes() in self.met:
            return best
        self.met.add(labels.tobytes())
        if not self.plans.is_good(labels, choice.grids):
            return best
        found, before = self.plans.of(labels), self.regions.spent
        if found.moved <= best.moved * _ABOUT:
            found = self.regions.divided(found, budget=_DIVIDED)
            self.spent += self.regions.spent - before
        return found if found.moved < best.moved else best
