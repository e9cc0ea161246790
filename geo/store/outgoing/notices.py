"""Notices: what a person has to know of its work, asked of the tasks; and which of it was read."""

from __future__ import annotations

from typing import Literal

import pandas as pd
from sqlalchemy import Connection, text

from geo.store.answers import question, rows_of

Kind = Literal[
    "sent", "due_soon", "overdue", "returned", "asked",
    "ruling", "to_sign", "urged", "ordered", "appealed",
]  # fmt: skip


def read_notices(conn: Connection, *, unread: bool, limit: int) -> pd.DataFrame:
    """Return the acting person's notices, the latest first.

    Columns kind (a `Kind`), task, issue, since, read_at.
    """
    asked = f"select * from ({question('notices').text}) as n where read_at is null or not :unread"
    ordered = text(f"{asked} order by since desc, task desc, kind limit :limit")
    return rows_of(conn, ordered, unread=unread, limit=limit)


def mark_read(conn: Connection, kind: Kind, task: int) -> int:
    """Return how many notices of a kind about a task are read from now on: one, or none."""
    order = question("mark_notices").text.replace("{notices}", question("notices").text)
    return conn.execute(text(order), {"kind": kind, "task": task}).rowcount
