"""Views of a database file are asked for their rows with a limit, before a reader asks without."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final

from geo.load.files import Source
from geo.load.reasons import unreadable

_STEPS: Final = 1_000_000  # of SQLite's machine between looks
_LOOKS: Final = 20  # a million rows of a plain view are some five million steps


def demand_ending_views(source: Source) -> None:
    """Refuse a file of SQLite a view of which does not come to an end.

    Raises
    ------
    UnreadableFileError
        Which view, or that it is no database.
    """
    if source.format not in ("gpkg", "sqlite"):
        return
    where = f"{source.path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(where, uri=True)) as conn:
            asked = "select name from sqlite_master where type = 'view' order by name"
            views = [str(name) for (name,) in conn.execute(asked)]
            endless = [view for view in views if not _ends(conn, view)]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise unreadable(source.name, error) from error
    if endless:
        raise unreadable(
            source.name,
            f"view {endless[0]!r} does not end",
            f"视图“{endless[0]}”没有尽头",
        )


def _ends(conn: sqlite3.Connection, view: str) -> bool:
    """Tell whether all rows of a view are there within the limit; what it lacks is said later."""
    looks = iter(range(_LOOKS))
    conn.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
    quoted = view.replace('"', '""')
    try:
        conn.execute(f'select count(*) from "{quoted}"').fetchone()
    except sqlite3.OperationalError as error:
        return "interrupted" not in str(error)
    finally:
        conn.set_progress_handler(None, 0)
    return True
