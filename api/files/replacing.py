"""A file that is there whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import FileNotWrittenError


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path to write to; it takes the target's place only when the block ends well.

    Raises
    ------
    FileNotWrittenError
        When the folder is absent or may not be written to.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".jingwei-", dir=target.parent) as folder:
            draft = Path(folder) / target.name
            yield draft
            draft.replace(target)
    except OSError as error:
        raise FileNotWrittenError(path=target, reason=error.strerror or error) from error
