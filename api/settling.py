"""A server that has read what it keeps, and what it gives back to the machine meanwhile."""

from __future__ import annotations

import ctypes
import gc


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
