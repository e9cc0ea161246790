"""New paths, sorted into their indexes before they slow whoever asks for an area."""

from __future__ import annotations

from sqlalchemy import Connection

from geo.store.answers import question


def sort_paths(conn: Connection) -> int:
    """Return how many pages of paths that were only listed are sorted now; by the owner's role."""
    return int(conn.execute(question("sort_paths")).scalar_one())
