"""The order a person reads a map in: row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def reading_order(x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
    """Return the positions of points in reading order: west to east, then the row to the south.

    Rows are as high as the points are apart on average, so slight offsets do not shuffle a row.

    Source: grids of a community are numbered west to east, then north to south, DB11/T 2157-2023.

    >>> reading_order([0, 1, 0, 1], [0.1, 0.0, 1.0, 1.1]).tolist()
    [2, 3, 0, 1]
    """
    east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if not len(east):
        return np.zeros(0, np.int64)
    width, height = float(np.ptp(east)), float(np.ptp(north))
    rows = max(1, round((len(east) * height / width) ** 0.5)) if width > 0 else len(east)
    pitch = height / min(rows, len(east)) or 1.0
    row = np.minimum((north.max() - north) // pitch, rows - 1)
    return np.lexsort((-north, east, row))
