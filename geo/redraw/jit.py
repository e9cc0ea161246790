"""How the kernels of the redraw are compiled, and where what was compiled is kept.

numba keeps a kernel until its own file changes, and does not see that one it calls has changed in
another. So the folder is named after all their sources and the compiler's version.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba import njit

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])

config: Any = numba.config
_HERE: Final = Path(__file__).parent
_ENTRY: Final = "tournament._enter-*.nbi"  # compiled last: there when all is

# Kernels make no arrays, so references need no counting: counting them at each use of a field of a
# named tuple took three quarters of the time.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "_nrt": False}


def compiled(kernel: _Kernel) -> _Kernel:
    """Return the kernel compiled by numba on its first call, without the GIL, kept on disk."""
    return _compiled(kernel)


def compiled_inline(kernel: _Kernel) -> _Kernel:
    """Return the same for a small kernel of the innermost loop: made part of those that call it."""
    return _compiled(kernel, forceinline=True)


def is_ready() -> bool:
    """Tell whether the search is compiled for this machine: the first one does not wait for it."""
    folder = kept_in()
    return folder is not None and any(folder.glob(f"*/{_ENTRY}"))


@cache
def kept_in() -> Path | None:
    """Return the folder for what is compiled; None where none can be written.

    Under `NUMBA_CACHE_DIR` if that is set, else beside the sources, else in the person's own.
    """
    return writable(_parents(), f"kernels-{fingerprint(_HERE)}")


def writable(parents: Iterable[Path], name: str) -> Path | None:
    """Return the folder of that name in the first parent where it can be made and written."""
    for parent in parents:
        with suppress(OSError):
            (parent / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=parent / name):
                return parent / name
    return None


def fingerprint(folder: Path) -> str:
    """Return a name for the sources of all kernels below a folder and the compiler's version."""
    told = hashlib.sha256(f"{numba.__version__} {sys.implementation.cache_tag}".encode())
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if b"@compiled" in source or path.name == "jit.py":
            told.update(path.name.encode() + source)
    return told.hexdigest()[:16]


def _compiled(kernel: _Kernel, **options: Any) -> _Kernel:  # noqa: ANN401 numba's own
    folder = kept_in()
    with _keeping(folder):
        kept = folder is not None
        return cast("_Kernel", njit(cache=kept, **_OPTIONS, **options)(kernel))


@contextmanager
def _keeping(folder: Path | None) -> Iterator[None]:
    """Have numba keep what is decorated meanwhile in a folder: it looks where when it decorates."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or before)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def _parents() -> Iterator[Path]:
    if config.CACHE_DIR:
        yield Path(config.CACHE_DIR)
    yield _HERE / "__pycache__"
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    yield Path(home) / "jingwei"
