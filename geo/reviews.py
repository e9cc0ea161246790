"""Reviews: who rates whom, about which task or for which period, and what a rating needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from geo.errors import BadReviewError
from geo.issues import Actor
from geo.issues.case import CALLED_IN

ReviewKind: TypeAlias = Literal["call_back", "whistle", "support", "assessment"]
KIND_NAMES: Final[tuple[ReviewKind, ...]] = get_args(ReviewKind)
REPORTER: Final = "reporter"  # who rates in a call-back, whoever made the call
_PERIOD: Final = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_OVER_THE_PLACE: Final = frozenset({"dispatcher", "checker", "approver"})
_LEADERS: Final = frozenset({"checker", "approver"})


class Kind(NamedTuple):
    """One kind of review: what it says cannot be left out."""

    name: ReviewKind
    needs: tuple[str, ...]
    zh: str
    en: str


KINDS: Final = (
    Kind("call_back", ("solved", "satisfied"), "回访", "call-back"),
    Kind("whistle", ("response", "quality"), "街道评部门", "the subdistrict rates a department"),
    Kind("support", ("response", "quality"), "部门评街道", "a department rates the subdistrict"),
    Kind("assessment", ("score", "period", "ratee"), "考核评价", "assessment for a period"),
)
_BY_NAME: Final = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, kw_only=True)
class Review:
    """What somebody says of somebody: stars from 1 to 5, a score from 0 to 100.

    `rater` and `ratee` are codes of parties or areas; `period` is a year, a quarter or a month:
    2026, 2026-Q4, 2026-11.
    """

    kind: ReviewKind
    rater: str = ""
    ratee: str = ""
    issue: int | None = None
    task: int | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    response: int | None = None
    quality: int | None = None
    score: float | None = None
    text: str = ""
    period: str | None = None


class About(NamedTuple):
    """The task that a review is about: what it is, whose, where, whether it is done.

    `merged` are the numbers of issues merged into its issue.
    """

    issue: int | None
    task: int
    kind: str
    party: str
    lead: bool
    subdistrict: str | None
    done: bool
    merged: frozenset[int] = frozenset()


def judged(told: Review, about: About | None, actor: Actor, today: date) -> Review:
    """Return a review as it is kept: by whom and of whom follows from its kind and its task.

    Raises
    ------
    BadReviewError
        When something is missing, it is too early, or it is not the actor's to give.
    """
    kind = _BY_NAME[told.kind]
    for need in kind.needs:
        value = getattr(told, need)
        _demand(value is not None and value != "", f"请写明 {need}", f"say {need}")
    if kind.name == "assessment":
        return _assessed(told, actor, today)
    if about is None:
        raise _refusal("请写明任务（task）", "name the task (task)")
    _demand(about.done, "任务尚未办结", "the task is not done yet")
    return _OF_TASKS[kind.name](replace(told, task=about.task), about, actor)


def period_begins(period: str) -> date | None:
    """Return the first day of a year, a quarter or a month; None for anything else.

    >>> period_begins("2026-Q4"), period_begins("2026-11"), period_begins("2026-13")
    (datetime.date(2026, 10, 1), datetime.date(2026, 11, 1), None)
    """
    found = _PERIOD.fullmatch(period)
    if found is None or found[1] == "0000":
        return None
    month = int(found[3] or 1) if found[2] is None else int(found[2]) * 3 - 2
    return date(int(found[1]), month, 1)


def _call_back(told: Review, about: About, actor: Actor) -> Review:
    mine = about.party in actor.parties
    may = bool(actor.roles & _OVER_THE_PLACE) and not mine
    _demand(may, "回访由调度或核查人员记录，承办人不能自己记", "its holder does not call back")
    _demand(about.lead, "回访的是主办任务", "a call-back is about a leading task")
    number = about.issue if told.issue is None else told.issue
    known = number == about.issue or number in about.merged
    _demand(known, "这一件没有并入该任务的诉求", "that issue was not merged into the task's")
    return replace(told, issue=number, rater=REPORTER, ratee=about.party, period=None)


def _whistle(told: Review, about: About, actor: Actor) -> Review:
    mine = about.party in actor.parties
    may = bool(actor.roles & _OVER_THE_PLACE) and not mine
    _demand(may, "由街道评价，部门不能自评", "the subdistrict rates; nobody rates itself")
    _demand_called_in(about)
    rater = str(about.subdistrict)
    return replace(told, issue=about.issue, rater=rater, ratee=about.party, period=None)


def _support(told: Review, about: About, actor: Actor) -> Review:
    _demand(about.party in actor.parties, "由承办部门评价", "the department that was called rates")
    _demand_called_in(about)
    ratee = str(about.subdistrict)
    return replace(told, issue=about.issue, rater=about.party, ratee=ratee, period=None)


def _demand_called_in(about: About) -> None:
    fine = about.kind in CALLED_IN and about.subdistrict is not None
    _demand(fine, "只评价吹哨和联合执法任务", "only whistles and joint enforcement are rated so")


def _assessed(told: Review, actor: Actor, today: date) -> Review:
    begins = period_begins(told.period or "")
    fine = begins is not None and begins <= today
    _demand(fine, "时期（period）请写 2026、2026-Q4 或 2026-11，且已开始",
            "a period (2026, 2026-Q4 or 2026-11) that has begun")  # fmt: skip
    _demand(told.task is None, "考核按时期，不按任务", "an assessment is for a period, not a task")
    may = told.rater in actor.parties or bool(actor.roles & _LEADERS)
    _demand(bool(told.rater) and may, "请写明评价方（rater）：本单位，或你任领导的区域",
            "name who rates (rater): your own party, or an area that you lead")  # fmt: skip
    _demand(
        told.issue is None, "考核按时期，不按诉求", "an assessment is for a period, not an issue"
    )
    _demand(told.rater != told.ratee and told.ratee not in actor.parties, "不能自评",
            "nobody rates itself")  # fmt: skip
    return told


def _refusal(zh: str, en: str) -> BadReviewError:
    return BadReviewError(zh=zh, en=en)


def _demand(fine: bool, zh: str, en: str) -> None:  # noqa: FBT001 reads as the sentence it is
    if not fine:
        raise _refusal(zh, en)


_OF_TASKS: Final[dict[str, Callable[[Review, About, Actor], Review]]] = {
    "call_back": _call_back,
    "whistle": _whistle,
    "support": _support,
}
