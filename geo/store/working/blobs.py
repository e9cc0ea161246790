"""Content kept in files named by their digest, beside the database (decision 15)."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from geo.errors import MissingError
from geo.photos import digest

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, data: bytes) -> str:
    """Return the digest under which content is kept; content that is there is left alone.

    It is written whole or not at all, whoever else writes the same.
    """
    name = digest(data)
    place = _place(folder, name)
    if place.exists():
        return name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return name


def kept(folder: Path, name: str) -> bytes:
    """Return the content kept under a digest.

    Raises
    ------
    MissingError
        When it is not there, or not what it was.
    """
    place = _place(folder, name)
    data = place.read_bytes() if place.is_file() else b""
    if digest(data) != name:
        raise MissingError(noun="photo file", noun_zh="照片文件", key=name[:12])
    return data


def _place(folder: Path, name: str) -> Path:
    """Return where content lies: the name is a digest, never anything that somebody sent."""
    if not _DIGEST.fullmatch(name):
        raise MissingError(noun="photo file", noun_zh="照片文件", key="?")
    return folder / name[:2] / name[2:4] / name


def drop(folder: Path, name: str) -> None:
    """Remove the content kept under a digest, if it is there."""
    _place(folder, name).unlink(missing_ok=True)
