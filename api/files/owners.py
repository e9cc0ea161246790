"""The owner of each row: coordinates made degrees, looked up, and the outcomes counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from pyproj import CRS, Transformer

from geo.crs import WGS84, Datum, Degrees, to_wgs84
from geo.errors import DatumNotNamedError
from geo.lookup import GridIndex

_LON_MOST, _LAT_MOST = 180.0, 90.0


@dataclass
class Tally:
    """How many rows went which way, counted while they pass."""

    rows: int = 0
    owned: int = 0
    nowhere: int = 0  # no coordinates, or none on Earth


@dataclass(frozen=True)
class System:
    """The system a file's coordinates are in: its own CRS where it declares one, else a datum."""

    crs: CRS | None
    datum: Datum | None

    @classmethod
    def of(cls, declared: object, datum: Datum | None) -> System:
        """Return the system of a file that declares this CRS (None: nothing declared).

        A file that says WGS 84 is not believed: exports of Chinese maps in GCJ-02 say so too.

        Raises
        ------
        DatumNotNamedError
            When the file does not settle the system and no datum was named.
        """
        crs = None if declared is None else CRS.from_user_input(declared)
        if crs is None or _is_wgs84(crs):
            if datum is None:
                raise DatumNotNamedError
            return cls(None, datum)
        return cls(crs, None)

    def degrees(self, x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
        """Return WGS 84 degrees, not-a-number where there are none on Earth."""
        lon, lat = self._transformer.transform(x, y) if self._transformer else (x, y)
        with np.errstate(invalid="ignore"):
            known = (np.abs(lon) <= _LON_MOST) & (np.abs(lat) <= _LAT_MOST)
        return to_wgs84(
            np.where(known, lon, np.nan), np.where(known, lat, np.nan), self.datum or "wgs84"
        )

    @cached_property
    def _transformer(self) -> Transformer | None:
        if self.crs is None:
            return None
        return Transformer.from_crs(self.crs, WGS84, always_xy=True)


@dataclass(frozen=True)
class Owners:
    """What answers for each row which grid owns it."""

    index: GridIndex
    tally: Tally = field(default_factory=Tally)

    def codes(self, lon: Degrees, lat: Degrees) -> pa.Array:
        """Return the codes of the owners of points in WGS 84, null where nobody owns them."""
        position = self.index.positions(lon, lat)
        self.tally.rows += len(position)
        self.tally.owned += int((position >= 0).sum())
        self.tally.nowhere += int((np.isnan(lon) | np.isnan(lat)).sum())
        return self._names.take(pa.array(position, mask=position < 0))

    @cached_property
    def _names(self) -> pa.Array:
        return pa.array(self.index.codes, pa.string())


def _is_wgs84(crs: CRS) -> bool:
    return bool(crs.equals(CRS(WGS84), ignore_axis_order=True))
