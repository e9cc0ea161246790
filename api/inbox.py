"""A department's inbox told as JSON: what waits, how much of it where, whom to pass it to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from api.rows import rows_in_json
from geo.issues.edges import CLOCK_RUNS
from geo.store.database import Connection
from geo.store.working.inbox import count_inbox, own_organisation, own_sections, read_inbox


def inbox_told(conn: Connection, *, subdistrict: str | None, limit: int) -> dict[str, Any]:
    """Return the inbox of the acting person's organisation: `rows` first due first, and counts."""
    now = datetime.now(UTC)
    rows = read_inbox(conn, subdistrict=subdistrict, limit=limit)
    counts = count_inbox(conn)
    here = counts if subdistrict is None else counts[counts["subdistrict"] == subdistrict]
    return {
        "asked_at": now.isoformat(),
        "organisation": own_organisation(conn),
        "sections": rows_in_json(own_sections(conn)),
        "total": int(here["n"].sum()),
        "owed": {str(owes): int(n) for owes, n in here.groupby("owes")["n"].sum().items()},
        "subdistricts": _places(counts),
        "rows": rows_in_json(rows.assign(card=_cards(rows, now))),
    }


def _places(counts: pd.DataFrame) -> list[dict[str, Any]]:
    places = counts.dropna(subset=["subdistrict"])
    named = ["subdistrict", "subdistrict_name"]
    summed = places.groupby(named, as_index=False)["n"].sum()
    return rows_in_json(summed.rename(columns={"subdistrict": "code", "subdistrict_name": "name"}))


def _cards(rows: pd.DataFrame, now: datetime) -> list[str | None]:
    """Return red for what is overdue, yellow for what is due soon, while its clock runs."""
    return [
        None
        if row.state not in CLOCK_RUNS
        else "red"
        if row.by < now
        else "yellow"
        if row.yellow_at <= now or row.by < row.due_at
        else None
        for row in rows.itertuples()
    ]
