"""The owner of each row: its coordinates looked up, and the outcomes counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from api.files.grid_defects import Remark
from api.files.grids import Grids
from api.files.systems import System
from geo.crs import Degrees
from geo.lookup import GridIndex


@dataclass
class Tally:
    """How many rows went which way, counted while they pass."""

    rows: int = 0
    owned: int = 0
    nowhere: int = 0  # no coordinates, or none on Earth


@dataclass(frozen=True)
class Owners:
    """What answers for each row which grid owns it."""

    index: GridIndex
    placed: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]  # into the plane of the index
    remarks: tuple[Remark, ...] = ()  # of the grids
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def among(cls, grids: Grids, points: System) -> Owners:
        """Return what answers for points of this system.

        Points in the grids' own system are compared as they are, so that a point on an edge stays
        on it; others in WGS 84 degrees.
        """
        if points.is_also(grids.system):
            return cls(GridIndex(grids.frame), points.plain, grids.remarks)
        moved = grids.in_degrees()
        return cls(GridIndex(moved.frame), points.degrees, moved.remarks)

    def codes(self, x: Degrees, y: Degrees) -> pa.Array:
        """Return the codes of the owners of points in a file's system, null where there is none."""
        at = self.placed(x, y)
        position = self.index.positions(*at)
        self.tally.rows += len(position)
        self.tally.owned += int((position >= 0).sum())
        self.tally.nowhere += int((np.isnan(at[0]) | np.isnan(at[1])).sum())
        return self._names.take(pa.array(position, mask=position < 0))

    @cached_property
    def _names(self) -> pa.Array:
        return pa.array(self.index.codes, pa.string())
