"""What is said to whoever would change what is not theirs: that it is missing, or whose it is."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, select

from geo.errors import JingweiError, MissingError
from geo.issues.refusals import not_yours

_NOUNS: Final = {"issue": ("issue", "诉求"), "task": ("task", "任务")}


def kept_from(conn: Connection, table: Table, key: int, step: str | None = None) -> JingweiError:
    """Return why the acting person has no row of issues or tasks: unseen, or not theirs to change.

    Parameters
    ----------
    step
        The step that would change it; None: it was only to be seen.
    """
    noun, noun_zh = _NOUNS[table.name]
    if step is not None:
        seen = conn.execute(select(table.c.id).where(table.c.id == key)).first()
        if seen is not None:
            return not_yours(step, (noun, noun_zh), key)
    return MissingError(noun=noun, noun_zh=noun_zh, key=key)
