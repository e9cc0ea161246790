"""The owner of each row: its coordinates looked up, and the outcomes counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from api.files.grid_defects import Remark
from api.files.grids import Grids
from api.files.numbers import is_text
from api.files.systems import System
from geo.crs import Degrees
from geo.lookup import GridIndex

# What became of a row: a grid owns it, none does, it has no position.
OUTCOMES: Final = ("owned", "outside", "nowhere")


class Wanted(NamedTuple):
    """The columns to add: the owner's code, what its grid says besides, what became of the row."""

    code: str = "grid"
    beside: tuple[str, ...] = ()  # columns of the grids, added as CODE_NAME
    outcome: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the new columns, in their order.

        >>> Wanted("grid", ("parent",), "found").names
        ('grid', 'grid_parent', 'found')
        """
        told = (f"{self.code}_{name}" for name in self.beside)
        return (self.code, *told, *filter(None, (self.outcome,)))


@dataclass
class Tally:
    """How many rows went which way, counted while they pass."""

    rows: int = 0
    owned: int = 0
    nowhere: int = 0  # no coordinates, or none on Earth


@dataclass(frozen=True)
class Owners:
    """What answers for each row which grid owns it."""

    wanted: Wanted
    grids: gpd.GeoDataFrame  # indexed by code, with the columns that go along
    index: GridIndex
    placed: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]  # into the plane of the index
    remarks: tuple[Remark, ...] = ()  # of the grids
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def among(cls, grids: Grids, points: System, wanted: Wanted) -> Owners:
        """Return what answers for points of this system.

        Points in the grids' own system are compared as they are, so that a point on an edge stays
        on it; others in WGS 84 degrees.
        """
        if points.is_also(grids.system):
            return cls(wanted, grids.frame, GridIndex(grids.frame), points.plain, grids.remarks)
        moved = grids.in_degrees()
        return cls(wanted, moved.frame, GridIndex(moved.frame), points.degrees, moved.remarks)

    @property
    def fields(self) -> list[pa.Field]:
        """The new columns, named and typed."""
        types = [values.type for values in self._known]
        types += [pa.string()] if self.wanted.outcome else []
        return [pa.field(*pair) for pair in zip(self.wanted.names, types, strict=True)]

    def columns(self, x: Degrees, y: Degrees) -> list[pa.Array]:
        """Return the new columns for points in a file's system, null where nobody owns them."""
        at = self.placed(x, y)
        position = self.index.positions(*at)
        owned, nowhere = position >= 0, np.isnan(at[0]) | np.isnan(at[1])
        self.tally.rows += len(position)
        self.tally.owned += int(owned.sum())
        self.tally.nowhere += int(nowhere.sum())
        taken = pa.array(position, mask=~owned)
        found = [values.take(taken) for values in self._known]
        if self.wanted.outcome:
            became = np.where(owned, 0, np.where(nowhere, 2, 1))
            found.append(pa.array(OUTCOMES).take(pa.array(became)))
        return found

    @cached_property
    def _known(self) -> list[pa.Array]:
        """Of each grid, in the order of the index: its code, and what goes along."""
        codes = self.index.codes
        rows = self.grids.loc[codes]
        return [pa.array(codes, pa.string()), *(_typed(rows[name]) for name in self.wanted.beside)]


def _typed(column: pd.Series) -> pa.Array:
    """Return a column as Arrow takes it; one of several kinds of values, or of lists, as text."""
    try:
        values = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        values = None
    if values is None or pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        values = pa.array(column.map(str, na_action="ignore"), pa.string(), from_pandas=True)
    return values.cast(pa.string()) if is_text(values.type) else values
