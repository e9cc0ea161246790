"""Who has a plan open now, whichever server process they ask."""

from __future__ import annotations

from typing import Final

import pandas as pd
from sqlalchemy import Connection

from geo.store.answers import question, rows_of

SECONDS: Final = 20.0  # pages say where they are every few seconds
_MOST: Final = 50  # persons told of, on one plan


def others_on(
    conn: Connection, plan: int, tool: str, at: tuple[float, float] | None
) -> pd.DataFrame:
    """Return who else has a plan open, once the acting person has said where they are.

    Columns person, tool, lon, lat (WGS 84; missing: nowhere), the newest first; of the last
    `SECONDS`.

    Parameters
    ----------
    tool, at
        What the acting person has in hand, and the place it was last at: lon, lat, WGS 84.
    """
    lon, lat = at or (None, None)
    told = {"tool": tool, "lon": lon, "lat": lat, "seconds": SECONDS, "most": _MOST}
    return rows_of(conn, question("say_present"), plan=plan, **told)
