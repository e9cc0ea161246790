"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import pyarrow as pa

Watch: TypeAlias = Callable[[str, str], AbstractContextManager[None]]


def give_back() -> None:
    """Give memory that was freed back to the system.

    The allocators of C and of Arrow keep it for later, each its own, and what one keeps another
    asks for anew: after a million rows were read that is 1.5 GB of 2.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # GNU's alone has it
        if trim is not None:
            trim(0)


def giving_back(working: Watch) -> Watch:
    """Return the same way to show steps, with memory given back before and after each.

    Before, because what one step left is often dropped only when the next one begins.
    """

    @contextmanager
    def step(zh: str, en: str) -> Iterator[None]:
        give_back()
        with working(zh, en):
            yield
        give_back()

    return step
