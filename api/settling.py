"""A server that has read what it keeps: its collector of garbage need not look at that again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave what is there now out of every later search for garbage.

    Areas, gazetteer and libraries are some hundred thousand objects that live as long as the
    server; looked through again and again they took a sixth of an intake, and a fifth of a second
    at once, while everybody waited.
    """
    gc.collect()
    gc.freeze()
