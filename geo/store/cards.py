"""Yellow and red cards told as events when they fall (黄牌、红牌)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from geo.store.answers import question

MOST: Final = 5_000  # cards told in one transaction


def tell_cards(conn: Connection) -> int:
    """Return how many tasks were told that they are due soon or overdue; at most `MOST`.

    A task is told once for each due time and card, however many processes look.
    """
    return int(conn.execute(question("tell_cards"), {"most": MOST}).rowcount)
