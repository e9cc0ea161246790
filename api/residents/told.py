"""What a resident is told: how far a report is, in words for everybody; places for an address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from api.gazetteers import Known, found_by
from api.residents.policy import resident_policy
from geo.reference import AREA_KINDS
from geo.store.database import Connection
from geo.store.public import offered_services
from geo.store.working.residents import is_reopenable, own_report

_PLACES: Final = 6
_SHOWN: Final = ("id", "reference", "service_name", "state", "outcome", "text", "address", "agency",
                 "reply", "solved", "satisfied", "photos")  # fmt: skip
_MOMENTS: Final = ("received_at", "sent_at", "taken_at", "finished_at", "closed_at", "due_at",
                   "answered_at")  # fmt: skip


def services_by_group(conn: Connection) -> dict[str, list[tuple[str, str]]]:
    """Return what may be reported: pairs of code and name by the name of their group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in offered_services(conn).itertuples():
        group = "" if pd.isna(row.group) else str(row.group)
        groups.setdefault(group, []).append((str(row.code), str(row.name)))
    return groups


def service_names(conn: Connection) -> dict[str, str]:
    """Return what may be reported: names by code."""
    return {code: name for pairs in services_by_group(conn).values() for code, name in pairs}


def report_told(conn: Connection) -> dict[str, Any] | None:
    """Return the acting resident's report as JSON takes it; None where it is not there."""
    found = own_report(conn)
    if found is None:
        return None
    told = {name: found[name] for name in _SHOWN}
    again = is_reopenable(found, datetime.now(UTC), days=resident_policy().reopen_days)
    answerable = found["answerable"] is not None
    return {**told, **_moments(found), "answerable": answerable, "reopenable": again}


def _moments(found: dict[str, Any]) -> dict[str, str | None]:
    values: dict[str, datetime | None] = {name: found[name] for name in _MOMENTS}
    return {name: None if value is None else value.isoformat() for name, value in values.items()}


def places_told(conn: Connection, known: Known, words: str) -> list[dict[str, Any]]:
    """Return places that an address may name, best first: `title`, `lon`, `lat` (WGS 84).

    A whole `area` says where to look on a map, and is no place.
    """
    found = found_by(known(conn), words).candidates[:_PLACES] if words.strip() else ()
    return [
        {"title": one.title, "lon": one.lon, "lat": one.lat, "area": one.kind in AREA_KINDS}
        for one in found
    ]
