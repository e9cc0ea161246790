"""Long arrays worked through a slice at a time, by every processor at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

_Part = TypeVar("_Part")

# So many polygons at once: their coordinates stay in a processor's own memory.
_AT_ONCE: Final = 8_192


def by_slices(
    part_of: Callable[[slice], _Part], count: int, *, at_once: int = _AT_ONCE
) -> list[_Part]:
    """Return what a function makes of each slice of so many rows, in order; one slice at least.

    shapely and numpy let go of the GIL, so that slices run side by side.

    >>> by_slices(lambda part: (part.start, part.stop), 5, at_once=2)
    [(0, 2), (2, 4), (4, 5)]
    """
    slices = [
        slice(first, min(first + at_once, count)) for first in range(0, max(count, 1), at_once)
    ]
    if len(slices) == 1:
        return [part_of(slices[0])]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(part_of, slices))
