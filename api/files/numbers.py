"""Columns of longitudes and latitudes: which they are, and the numbers in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.crs import Degrees
from geo.errors import PositionColumnsError

# Names in the order in which they are preferred, compared without case.
LON_NAMES: Final = ("lon", "lng", "longitude", "经度")
LAT_NAMES: Final = ("lat", "latitude", "纬度")


class Axes(NamedTuple):
    """Positions (from 0) of the two columns of coordinates among a table's columns."""

    lon: int
    lat: int


def has_axes(names: Sequence[str]) -> bool:
    """Tell whether a table has a column of longitudes and one of latitudes, at least."""
    return all(_places(wanted, names) for wanted in (LON_NAMES, LAT_NAMES))


def axes_among(names: Sequence[str]) -> Axes:
    """Return where the columns of coordinates are among all columns of a table.

    Raises
    ------
    PositionColumnsError
        When one of them is absent, or there twice.

    >>> axes_among(["id", "LAT", "Lon"])
    Axes(lon=2, lat=1)
    """
    found = ", ".join(names) or "-"
    places = [_places(wanted, names) for wanted in (LON_NAMES, LAT_NAMES)]
    if not all(places):
        raise PositionColumnsError(
            fault_zh="没有 lon、lat 两列", fault_en="no columns lon and lat", found=found
        )
    if any(len(place) > 1 for place in places):
        raise PositionColumnsError(
            fault_zh="lon 或 lat 列有重复", fault_en="columns lon or lat twice", found=found
        )
    return Axes(places[0][0], places[1][0])


def _places(wanted: Sequence[str], names: Sequence[str]) -> list[int]:
    """Return where the most preferred name that is there at all is."""
    folded = [name.strip().casefold() for name in names]
    preferred = next((name for name in wanted if name in folded), None)
    return [place for place, name in enumerate(folded) if name == preferred]


def numbers(column: pa.Array, name: str) -> Degrees:
    """Return the numbers in a column, not-a-number where it holds none.

    Raises
    ------
    PositionColumnsError
        When the column is of a type that holds no numbers, such as dates.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    if is_text(column.type):
        return typed_numbers(column.to_pylist())
    if not _is_numeric(column.type):
        raise PositionColumnsError(
            fault_zh=f"{name} 列里没有数字",
            fault_en=f"no numbers in column {name}",
            found=f"{name}: {column.type}",
        )
    real = pc.cast(column, pa.float64(), safe=False)
    return np.asarray(real.to_numpy(zero_copy_only=False), np.float64)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def typed_numbers(words: Sequence[str | None]) -> Degrees:
    """Return the numbers people typed, not-a-number where a word is none.

    >>> typed_numbers([" 117.02 ", "", "1_17", "电话", None]).tolist()
    [117.02, nan, nan, nan, nan]
    """
    return np.fromiter((_number(word) for word in words), np.float64, len(words))


def _number(word: str | None) -> float:
    # Python's own reading is the nearest double, which edges need; but it lets 1_17 pass.
    if word is None or "_" in word:
        return np.nan
    try:
        return float(word)
    except ValueError:
        return np.nan
