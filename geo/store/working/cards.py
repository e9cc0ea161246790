"""Yellow and red cards told as events when they fall (黄牌、红牌)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from geo.store.answers import question

MOST: Final = 5_000  # cards told in one transaction
_QUESTIONS: Final = ("tell_cards", "tell_late")


def tell_cards(conn: Connection) -> int:
    """Return how many tasks were told that they are due soon, overdue, or late; at most 2 `MOST`.

    A task is told once for each due time and card, however many processes look. One is late whose
    holder had to be on the spot by now, and is not.
    """
    return sum(int(conn.execute(question(name), {"most": MOST}).rowcount) for name in _QUESTIONS)
