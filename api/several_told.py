"""What came of steps with several issues, as JSON: each with the status it would have had alone."""

from __future__ import annotations

from typing import Any, Final

from api.problems import said_of
from api.several import Answer, Answers
from api.statuses import status_of
from geo.store.working.several import Standing

_TAKEN: Final = 200
_DRAWN_BACK: Final = 424  # another one took it back
_UNSEEN: Final[dict[str, Any]] = dict.fromkeys(Standing._fields)


def answers_told(answers: Answers) -> dict[str, Any]:
    """Return how many steps were kept and refused, and the answer to each."""
    told = [_told(answer) for answer in answers.each]
    kept = sum(one["status"] == _TAKEN for one in told)
    return {"kept": kept, "refused": answers.refused, "answers": told}


def _told(answer: Answer) -> dict[str, Any]:
    standing = answer.standing._asdict() if answer.standing else _UNSEEN
    problem = None if answer.error is None else said_of(answer.error)._asdict()
    return {"issue": answer.issue, "status": _status(answer), **standing, "problem": problem}


def _status(answer: Answer) -> int:
    if answer.error is not None:
        return status_of(answer.error)
    return _DRAWN_BACK if answer.drawn_back else _TAKEN
