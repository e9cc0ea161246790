"""GeoJSON that names an address where its coordinate system is to be fetched: a reader goes there.

Whoever sends such a file would make this server ask another one, inside the city's network, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyogrio

_STEP: Final = 2**20
_AHEAD: Final = 2**14  # bytes in which a system is said whole
_MOST: Final = 1_000  # systems that are looked at; a file has one
# A letter that is written as its number is one; nobody writes them so who has nothing to hide.
_NUMBERED: Final = re.compile(rb"\\u00([4-7][0-9a-fA-F])")
_SYSTEM: Final = re.compile(rb"""["']crs["']\s*(?=[:/]|\Z):?\s*""", re.IGNORECASE)
_UNNAMED: Final = (b"{", b"/", b"")  # an object, a comment, or what does not end
_PAIRS: Final = json.JSONDecoder(object_pairs_hook=list)
# What is read is here: whatever else would be fetched is asked of nobody.
_NOBODY: Final = "127.0.0.1:9"
_OFFLINE: Final = {
    "GDAL_HTTP_PROXY": _NOBODY,
    "GDAL_HTTPS_PROXY": _NOBODY,
    "GDAL_HTTP_CONNECTTIMEOUT": 1,
    "GDAL_HTTP_TIMEOUT": 1,
}


def keep_offline() -> None:
    """Tell the reader of geometry files to fetch nothing, whatever a file says."""
    pyogrio.set_gdal_config_options(dict(_OFFLINE))


def points_elsewhere(path: Path) -> bool:
    """Tell whether a text file says where else its coordinate system is.

    One that cannot be made out counts as such: comments, or without end.
    """
    return any(seen > _MOST or _is_link(said) for seen, said in enumerate(_said(path), 1))


def _said(path: Path) -> Iterator[bytes]:
    """Yield what is said of systems, but by their names."""
    held, step = b"", b"-"
    with path.open("rb") as file:
        while step:
            step = file.read(_STEP)
            text = _NUMBERED.sub(_letter, (held + step).replace(b"\0", b""))
            end = max(len(text) - (_AHEAD if step else 0), 0)
            yield from _begun(text, end)
            held = text[end:]


def _begun(text: bytes, end: int) -> Iterator[bytes]:
    """Yield what is said where that begins before an end."""
    for found in _SYSTEM.finditer(text):
        at = found.end()
        if found.start() >= end:
            return
        if text[at : at + 1] in _UNNAMED:
            yield text[at : at + _AHEAD]


def _letter(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _is_link(said: bytes) -> bool:
    try:
        pairs, _ = _PAIRS.raw_decode(said.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return True
    return any(str(k).lower() == "type" and str(v).lower() == "link" for k, v in pairs)
