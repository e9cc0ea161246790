"""Steps with several issues: what came of each, by command or over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import JingweiError, StepsRefusedError
from geo.store.database import Connection
from geo.store.working.several import Ask, Standing, act_on_each, standings


@dataclass(frozen=True)
class Answer:
    """What came of one step, and how its issue stands now (None: not to be seen).

    `error` says why it was refused; `drawn_back`: it was not, but another of the same request was.
    """

    issue: int
    error: JingweiError | None
    drawn_back: bool
    standing: Standing | None


@dataclass(frozen=True)
class Answers:
    """What came of all steps: of each an answer, in the order they were asked."""

    each: tuple[Answer, ...]
    together: bool

    @property
    def refused(self) -> int:
        """How many were refused."""
        return sum(answer.error is not None for answer in self.each)

    @property
    def refusal(self) -> StepsRefusedError | None:
        """Why nothing was kept, where all steps belong together and one was refused."""
        if not (self.together and self.refused):
            return None
        return StepsRefusedError(refused=self.refused, asked=len(self.each))


def steps_taken(conn: Connection, asked: Sequence[Ask], *, together: bool) -> Answers:
    """Return what came of steps with several issues, each by the version that was seen."""
    refused = act_on_each(conn, asked, together=together)
    seen = standings(conn, [one.issue for one in asked])
    back = together and any(refused)
    each = (
        Answer(one.issue, error, back and error is None, seen.get(one.issue))
        for one, error in zip(asked, refused, strict=True)
    )
    return Answers(tuple(each), together)
