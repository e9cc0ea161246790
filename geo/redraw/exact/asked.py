"""The choices of today's grids by which a plan may move fewer than the best, and what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from geo.redraw.exact.branching import Branches
from geo.redraw.exact.going_on import GoingOn
from geo.redraw.exact.learning import Learner
from geo.redraw.exact.network import Network
from geo.redraw.exact.survivors import Choice, choices_below
from geo.redraw.exact.ways import ground_of
from geo.redraw.problem import Problem

_LARGEST: Final = 12_000  # nodes × grids up to which each choice is asked by itself
_TIGHTER: Final = 0.7  # of what lay between bound and best plan when it was begun to learn
_MOST_GRIDS: Final = 60  # the bits of a number, some of which are for other things


@dataclass(eq=False)
class Asked:
    """A choice, how many households any plan by it moves at the least, and the searches by it."""

    choice: Choice
    bound: int
    branches: Branches
    learner: Learner
    turn: float = 0.0  # deterministic time that the last search by it was given
    unanswered: int = 0  # questions to the solver that learns
    models: dict[bool, GoingOn] = field(default_factory=dict)  # by whether narrow ground is in it

    def sharpen(self, limit: int) -> None:
        """Begin to learn anew where plans are asked for that move much fewer than those so far.

        What is left out from the beginning then is worth more than what was learned.
        """
        if limit - self.bound < _TIGHTER * (self.learner.highest - self.bound):
            learner = self.learner
            self.learner = Learner(learner.network, self.choice, learner.wanted, limit)

    def model(self, network: Network, problem: Problem, limit: int, *, narrow: bool) -> GoingOn:
        """Return the model of plans that move fewer than a limit: one made before, if any.

        That one knows what it learned, and was made for a limit as high or higher.
        """
        if narrow not in self.models:
            ground = ground_of(network, narrow=narrow)
            self.models[narrow] = GoingOn(network, ground, self.choice, problem.wanted, limit)
        return self.models[narrow]


def is_counted(network: Network, grids: int) -> bool:
    """Tell whether the grids are few enough for the bits of a number, and the community small."""
    return len(network.weight) * grids <= _LARGEST and grids <= _MOST_GRIDS


def asked_of(network: Network, problem: Problem, grids: int, limit: int) -> list[Asked] | None:
    """Return the choices by which fewer households than a limit may move, the fewest first.

    None where they are too many, or the community is too large.
    """
    if not is_counted(network, grids):
        return None
    below = choices_below(network, problem, grids, limit)
    if below is None:
        return None
    return [
        Asked(
            choice,
            least,
            Branches(network, choice, problem.wanted),
            Learner(network, choice, problem.wanted, limit),
        )
        for least, choice in below
    ]
