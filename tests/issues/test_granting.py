"""What whoever decides says with it is kept: how much, until when, how it ended, whose it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geo.errors import StepRefusedError
from geo.issues import Case, Order, offered
from tests.issues.test_handling import (
    BOSS,
    DISTRICT,
    DONE,
    MONDAY,
    SENT,
    TAKEN,
    WANG,
    WORKING,
    after,
)


def test_whoever_grants_says_how_much_and_until_when() -> None:
    ask = (Order(step="ask_extend", reason="等配件", days=6), WANG, 3.0)
    fewer = after(SENT, TAKEN, ask, (Order(step="extend", days=2), BOSS, 4.0)).tasks[0]
    assert (fewer.due_at, fewer.extended) == (WORKING.after(MONDAY, 7), 2)
    with pytest.raises(StepRefusedError, match="10 working days"):
        after(SENT, TAKEN, ask, (Order(step="extend", days=11), BOSS, 4.0))
    day = MONDAY.date()
    hold = (Order(step="ask_hold", reason="等", review_on=day + timedelta(9)), WANG, 2.0)
    sooner = Order(step="hold", review_on=day + timedelta(4))
    assert after(SENT, TAKEN, hold, (sooner, BOSS, 3.0)).tasks[0].review_on == sooner.review_on
    with pytest.raises(StepRefusedError, match="day to come"):  # 24 November already, in Jinan
        after(SENT, TAKEN, hold, (Order(step="hold", review_on=day + timedelta(1)), BOSS, 15.0))


def test_how_it_ended_is_said_by_whoever_closes_it_and_is_nothing_that_it_is_not() -> None:
    unfounded = Order(step="pass", outcome="unfounded")
    assert after(SENT, TAKEN, DONE, (unfounded, BOSS, 3.0)).outcome == "unfounded"
    for order, actor in (
        (Order(step="pass", outcome="merged"), BOSS),
        (Order(step="pass", outcome="cancelled"), BOSS),
        (Order(step="urge", outcome="unfounded"), BOSS),
    ):
        with pytest.raises(StepRefusedError, match="outcome"):
            after(SENT, TAKEN, DONE, (order, actor, 3.0))


def test_what_a_ruling_decides_is_not_offered_to_anybody_else() -> None:
    def names(case: Case) -> set[str]:
        people = (BOSS, WANG, DISTRICT)
        return {edge.name for actor in people for edge, _ in offered(case, actor)} & {
            *("return", "resend", "rule")
        }

    back = (Order(step="return", reason="不属我处"), WANG, 1.0)
    once = after(SENT, back)
    twice = after(SENT, back, (Order(step="resend"), BOSS, 1.0), back)
    ruled = after((Order(step="rule", reason="归你"), DISTRICT, 2.0), case=twice)
    assert [names(case) for case in (once, twice, ruled)] == [{"resend"}, {"rule"}, set()]
