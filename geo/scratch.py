"""Folders for files on their way: gone at the end; those of killed processes when one is next made.

A folder is held by a lock on itself, which ends with its process, however that ends. Only what is
this account's own, held by nobody, and older than a minute is cleared: between making a folder and
holding it lies a moment.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "jingwei-passing-"
_OLD_S: Final = 60.0


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a private folder that is gone at the end, and clear those that were left."""
    clear()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, _opened(Path(name)) as folder:
        fcntl.flock(folder, fcntl.LOCK_SH)
        files = Path(name) / "files"
        files.mkdir()
        yield files


def clear() -> int:
    """Remove the folders that killed processes left; return how many there were."""
    found = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
    return sum(_cleared(folder) for folder in found)


def _cleared(path: Path) -> bool:
    """Remove a folder that nobody holds, and tell whether it was one; no link is followed."""
    with suppress(OSError), _opened(path) as folder:
        told = os.fstat(folder)
        if told.st_uid != os.geteuid() or time.time() - told.st_mtime < _OLD_S:
            return False
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path)
        return True
    return False


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    finally:
        os.close(folder)
