"""What waits for a leader of an area: whistles to sign, rulings, appeals, late departments."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from geo.store.answers import question, rows_of


def read_waiting(conn: Connection, scope: str, *, limit: int) -> pd.DataFrame:
    """Return the tasks of an area that wait for a word, columns as in leader_waiting.sql."""
    return rows_of(conn, question("leader_waiting"), scope=scope, limit=limit)
