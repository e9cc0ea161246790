"""Where the files of a run lie that nobody wants afterwards: in memory, if it is roomy."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 folders of our own are made in it
WHOSE: Final = "tests.pid"  # in each: the process it was made for
_ROOM: Final = 8 << 30  # bytes free in memory: ten times what a run keeps


@contextmanager
def passing_folder() -> Iterator[Path]:
    """Give a folder that is gone at the end."""
    with tempfile.TemporaryDirectory("", "jw-", _place(), ignore_cleanup_errors=True) as folder:
        Path(folder, WHOSE).write_text(str(os.getpid()))
        yield Path(folder)


def _place() -> Path | None:
    """Return memory if there is room in it; None: where the system says.

    A database of a test is made and dropped there in a fifth of the processor time; what a browser
    draws passes through files too, and takes it a tenth less.
    """
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= _ROOM
    return MEMORY if has_room else None
