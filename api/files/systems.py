"""The coordinate system of a file, and the way from it to degrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.crs import WGS84, Datum, Degrees, to_wgs84
from geo.errors import DatumNotNamedError, UnknownCrsError

_CGCS2000: Final = "EPSG:4490"
_LON_MOST, _LAT_MOST = 180.0, 90.0


@dataclass(frozen=True)
class System:
    """The system a file's coordinates are in: its own CRS where that settles it, else a datum."""

    crs: CRS | None
    datum: Datum | None

    @classmethod
    def of(cls, declared: object, datum: Datum | None) -> System:
        """Return the system of a file that declares this CRS (None: nothing declared).

        A file that says WGS 84 is not believed: exports of Chinese maps in GCJ-02 say so too. One
        that says CGCS2000 is, unless a datum is named; a projected one is in any case.

        Raises
        ------
        DatumNotNamedError
            When the file does not settle the system and no datum was named.
        UnknownCrsError
            When no way leads from the declared CRS to degrees, such as from a site's own plane.
        """
        crs = None if declared is None else _known(declared)
        if crs is None or _is(crs, WGS84):
            if datum is None:
                raise DatumNotNamedError
            return cls(None, datum)
        return cls(None, datum or "cgcs2000") if _is(crs, _CGCS2000) else cls(crs, None)

    def is_also(self, other: System) -> bool:
        """Tell whether two files' coordinates are in one system, to be compared as they are."""
        if self.crs is None or other.crs is None:
            return self.crs is other.crs and self.datum == other.datum
        return bool(self.crs.equals(other.crs, ignore_axis_order=True))

    def degrees(self, x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
        """Return WGS 84 degrees, not-a-number where there are none on Earth."""
        lon, lat = self._transformer.transform(x, y) if self._transformer else (x, y)
        return to_wgs84(*_on_earth(lon, lat), self.datum or "wgs84")

    def plain(self, x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
        """Return the coordinates as they are, not-a-number where they are no place."""
        if self.crs is None:
            return _on_earth(x, y)
        known = np.isfinite(x) & np.isfinite(y)
        return np.where(known, x, np.nan), np.where(known, y, np.nan)

    @cached_property
    def _transformer(self) -> Transformer | None:
        if self.crs is None:
            return None
        return Transformer.from_crs(self.crs, WGS84, always_xy=True)


def _known(declared: object) -> CRS:
    try:
        crs = CRS.from_user_input(declared).to_2d()
        Transformer.from_crs(crs, WGS84)
    except (CRSError, ProjError) as error:
        raise UnknownCrsError(crs=str(declared)[:80]) from error
    return crs


def _is(crs: CRS, name: str) -> bool:
    return bool(crs.equals(CRS(name), ignore_axis_order=True))


def _on_earth(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    with np.errstate(invalid="ignore"):
        known = (np.abs(lon) <= _LON_MOST) & (np.abs(lat) <= _LAT_MOST)
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan)
