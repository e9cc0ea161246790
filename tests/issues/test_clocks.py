"""The clock of a task against one that looks at every minute, in whatever order time is granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from geo.calendar import calendar, deadlines
from geo.issues import Case, Desk, Order, Work, decide
from tests.issues.test_handling import BOSS, LIMITS, WANG, WORKING

DAYS: Final = {row.day.date(): bool(row.works) for row in calendar().itertuples()}
SPANS: Final = [(span.opens // 60, span.closes // 60) for span in deadlines().spans]
A_DAY: Final = sum(closes - opens for opens, closes in SPANS)  # minutes of work
FIRST: Final = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def minutes_of(day: date) -> bytes:
    """Whether somebody is at work in each minute of a day."""
    told = bytearray(1440)
    for opens, closes in SPANS if DAYS.get(day, day.weekday() < 5) else ():
        told[opens:closes] = b"\1" * (closes - opens)
    return bytes(told)


WORKS: Final = b"".join(minutes_of(FIRST.date() + timedelta(days=n)) for n in range(365))


def moment(minute: int) -> datetime:
    return FIRST + timedelta(minutes=minute)


@dataclass
class Slow:
    """Minutes left, and whether they run; now in minutes of the year."""

    now: int
    left: int
    held: bool = False

    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.left -= 0 if self.held else WORKS[self.now]
            self.now += 1

    def due(self) -> datetime:
        minute, left = self.now, self.left
        while left > 0:
            left -= WORKS[minute]
            minute += 1
        while left < 0:
            minute -= 1
            left += WORKS[minute]
        return moment(minute)


def ordered(case: Case, order: Order, now: int) -> Case:
    who = BOSS if order.step in ("send", "extend", "hold", "resume") else WANG
    return decide(case, order, who, Desk(moment(now), WORKING, LIMITS))


def extended(case: Case, slow: Slow, days: float) -> Case:
    (work,) = case.tasks
    if work.state != "taken" or work.extended + days > LIMITS.extend:
        return case
    slow.left += round(days * A_DAY)
    case = ordered(case, Order(step="ask_extend", reason="-", days=days), slow.now)
    return ordered(case, Order(step="extend"), slow.now)


def held_or_resumed(case: Case, slow: Slow) -> Case:
    slow.held = not slow.held
    if not slow.held:
        return ordered(case, Order(step="resume"), slow.now)
    until = date(2040, 1, 1)
    case = ordered(case, Order(step="ask_hold", reason="-", review_on=until), slow.now)
    return ordered(case, Order(step="hold"), slow.now)


@given(
    start=st.integers(7 * 1440, 150 * 1440),
    steps=st.lists(
        st.tuples(st.integers(0, 4 * 1440), st.sampled_from([0, 0, 1, 5, 25])), max_size=10
    ),
)
def test_a_task_is_due_when_the_minutes_it_was_given_have_run(
    start: int, steps: list[tuple[int, int]]
) -> None:
    case = ordered(Case(id=1, source="patrol"), Order(step="send", party="wang"), start)
    case = ordered(case, Order(step="take"), start)
    slow = Slow(start, round(LIMITS.answer * A_DAY))
    for wait, tenths in steps:
        slow.wait(wait)
        case = extended(case, slow, tenths / 10) if tenths else held_or_resumed(case, slow)
        if not slow.held:
            assert same(case.tasks[0], slow)
    if slow.held:
        assert same(held_or_resumed(case, slow).tasks[0], slow)


def same(work: Work, slow: Slow) -> bool:
    """Whether a task is due when the slow clock says: no minute of work lies between the two."""
    return int(WORKING.elapsed(work.due_at, slow.due())[0]) == 0
