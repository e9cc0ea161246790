"""Public issues and the ways to this door, read from the store and told as Open311 tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from api.georeport.documents import MEDIA, Tree
from api.georeport.words import requests_told, w3
from api.settings import Door
from geo.reference import sources
from geo.store.database import Connection
from geo.store.net.naming import area_names
from geo.store.public import Wanted, catalogue_changed_at, public_issues

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_ENDPOINTS: Final = (("production", "/open311/v2"), ("test", "/open311/test/v2"))
# Before any catalogue was imported: the day this door was made.
_FIRST: Final = datetime(2026, 11, 26, tzinfo=UTC)


def told(conn: Connection, wanted: Wanted) -> list[Mapping[str, Tree]]:
    """Return public issues as the standard lists requests, the latest first."""
    issues = public_issues(conn, wanted)
    codes = [*issues["community"], *issues["subdistrict"]]
    return requests_told(issues, area_names(conn, "admin", codes).to_dict())


def told_one(conn: Connection, number: str) -> Mapping[str, Tree] | None:
    """Return one public issue by its number, else None."""
    found = told(conn, Wanted(public_sources(), ids=[int(number)])) if _is_number(number) else []
    return found[0] if found else None


def number_of(conn: Connection, token: str) -> str | None:
    """Return the service_request_id that a token stands for: a reference, or the number itself."""
    found = public_issues(conn, Wanted(public_sources(), reference=token[:128]))
    if len(found):
        return str(found["id"].iloc[0])
    return token if told_one(conn, token) is not None else None


def public_sources() -> Sequence[str]:
    """Return the sources whose issues are listed for anybody."""
    return [code for code, source in sources().items() if source.public]


def discovery_told(conn: Connection, door: Door, base: str) -> Tree:
    """Return the discovery document: where the endpoints are, and when what they offer changed."""
    changed = w3(catalogue_changed_at(conn) or _FIRST)
    key = f"{door.contact}；本机报事不需要 none is needed on the machine itself"
    formats = [media.partition(";")[0] for media in MEDIA.values()]
    endpoints: list[Tree] = [
        {
            "specification": SPECIFICATION,
            "url": f"{door.url.rstrip('/') or base}{path}",
            "changeset": changed,
            "type": kind,
            "formats": formats,
        }
        for kind, path in _ENDPOINTS
    ]
    return {
        "changeset": changed,
        "contact": door.contact,
        "key_service": door.contact if door.keys else key,
        "endpoints": endpoints,
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18  # noqa: PLR2004 digits of a bigint
