"""What an issue says, in lines of a terminal: its words, where it lies, its photos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from api.cli.planning import shown
from api.photo_words import photo_told
from api.rows import rows_in_json
from geo.store.database import Connection
from geo.store.working.issues import issues_told
from geo.store.working.photos import photos_of


def lines_told(conn: Connection, issue: int) -> Iterator[str]:
    """Yield what an issue says and where it lies, as far as the acting person may read it."""
    for row in issues_told(conn, only=[issue]):
        yield from _words(json.loads(row.told))
    for photo in rows_in_json(photos_of(conn, issue)):
        yield f"照片 Photo {photo['id']} · {photo['stage']} · {photo_told(photo)['zh']}"


def _words(told: dict[str, Any]) -> Iterator[str]:
    areas = (told[name] for name in ("subdistrict_name", "community_name", "grid_name", "lane"))
    where = " · ".join(filter(None, areas)) or "待认领 unclaimed"
    yield f"编号 Number: {shown(told['reference'])}"
    for label, value in (
        ("类别 Service", told["service"]),
        ("内容 Text", told["text"]),
        ("地址 Address", told["address"]),
        ("位置 Place", where),
        ("投诉 Against", told["against"]),
    ):
        if value:
            yield f"{label}: {shown(value)}"
