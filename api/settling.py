"""A server that has read what it keeps, and what it gives back to the machine meanwhile."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# As `mallopt` of GNU's C library knows them, with what they are set to.
_HEAPS: Final = (
    (-8, 2),  # M_ARENA_MAX: heaps, whatever the number of threads
    (-3, 1 << 20),  # M_MMAP_THRESHOLD: bytes from which a piece is a mapping of its own
)


def hold_few_heaps() -> bool:
    """Let all threads share two heaps; tell whether the C library took it. Call it first of all.

    Threads come and go, and each may get another of 16 heaps: every one of them grew to what the
    largest redraw or publication ever needed at once, and kept it in gaps. Large pieces lie apart,
    so that they leave no gap at all.
    """
    option = getattr(ctypes.CDLL(None), "mallopt", None)
    taken = [option is not None and option(name, value) == 1 for name, value in _HEAPS]
    return all(taken)


@contextmanager
def nothing_swept() -> Iterator[None]:
    """Load libraries without searching them for garbage: they are there to stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def settle() -> None:
    """Leave what is there now out of every later search for garbage.

    Areas, gazetteer and libraries are some hundred thousand objects that live as long as the
    server; looked through again and again they took a sixth of an intake, and a fifth of a second
    at once, while everybody waited.
    """
    gc.collect()
    gc.freeze()


def give_back() -> bool:
    """Give memory that is in use no more back to the machine; tell whether there was some.

    Each publication and redraw leaves gaps in the heaps of the threads that did it, which the C
    library keeps for later; that of other systems than GNU's has no such order, and does it itself.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(trim(0)) if trim is not None else False
