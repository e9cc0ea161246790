"""What goes back to a source about its issues that are over."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from geo.store.answers import question, rows_of


def read_replies(
    conn: Connection, source: str, *, since: datetime | None, until: datetime | None
) -> pd.DataFrame:
    """Return the answers to a source's issues that were closed in a time: see `sql/replies.sql`.

    An issue that was merged has the answer of the one it went into, once that is over.
    """
    return rows_of(conn, question("replies"), source=source, since=since, until=until)
