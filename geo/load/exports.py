"""Cleaned rows written to a file: GeoPackage unless another kind is named; what is lost is said."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.errors import UnknownChoiceError
from geo.load.findings import Finding
from geo.load.guards import safe

_DRIVERS: Final[Mapping[str, str]] = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".shp": "ESRI Shapefile",
}
_TABLES: Final = (".csv", ".parquet")
# A shapefile's names have ten bytes; a Chinese character takes three of them in UTF-8.
_ALIASES: Final[Mapping[str, str]] = {
    "households": "househlds",
    "reported_at": "reported",
    "accuracy_m": "accuracy",
}
_NAME_BYTES: Final = 10


def write(frame: pd.DataFrame, path: Path, layer: str) -> tuple[Finding, ...]:
    """Write cleaned rows, and return what had to be renamed or left out.

    The kind of file follows the extension; none means GeoPackage. A shapefile gets short ASCII
    names, its encoding declared.

    Raises
    ------
    UnknownChoiceError
        When the extension names no kind that is written.
    """
    suffix = path.suffix.lower() or ".gpkg"
    if suffix not in (*_DRIVERS, *_TABLES):
        known = ", ".join((*_DRIVERS, *_TABLES))
        raise UnknownChoiceError(option="--out", found=path.suffix, known=known)
    target = path.with_suffix(suffix)
    if suffix in _TABLES or not isinstance(frame, gpd.GeoDataFrame):
        _write_table(frame, target)
        return ()
    import pyogrio  # noqa: PLC0415 heavy: most tables are written without

    flat = frame.drop(columns=["footprint"], errors="ignore")
    aliases = short_names([str(c) for c in flat.columns]) if suffix == ".shp" else {}
    driver = _DRIVERS[suffix]
    options = {"encoding": "UTF-8"} if suffix == ".shp" else {}
    named = (_dates_as_text(flat) if suffix == ".shp" else flat).rename(columns=aliases)
    pyogrio.write_dataframe(named, target, layer=layer, driver=driver, **options)
    return _said(aliases)


def _dates_as_text(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with times in ISO form: a DBF field holds a day without its hour."""
    times = [c for c in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[c].dtype)]
    return frame.assign(**{c: frame[c].dt.strftime("%Y-%m-%dT%H:%M:%SZ") for c in times})


def short_names(names: list[str]) -> dict[str, str]:
    """Return long or non-ASCII name → a name of ten ASCII characters at most, none twice.

    >>> short_names(["code", "reported_at", "所属社区", "special_category"])
    {'reported_at': 'reported', '所属社区': 'field3', 'special_category': 'special_ca'}
    """
    taken = {name for name in names if _short(name)}
    aliases = {}
    for number, name in enumerate(names, start=1):
        if name in taken or name == "geometry":
            continue
        alias = _ALIASES.get(name) or (name[:_NAME_BYTES] if name.isascii() else f"field{number}")
        aliases[name] = alias if alias not in taken else f"field{number}"
        taken.add(aliases[name])
    return aliases


def _short(name: str) -> bool:
    return name.isascii() and len(name) <= _NAME_BYTES


def _said(aliases: Mapping[str, str]) -> tuple[Finding, ...]:
    if not aliases:
        return ()
    pairs = "、".join(f"{name} → {alias}" for name, alias in aliases.items())
    return (Finding("names-shortened", values={"pairs": pairs}),)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as text that no spreadsheet runs and the importer gives back as it was.

    Texts are guarded; numbers stay numbers, times are in ISO form, what is missing is blank.
    """
    cells = in_words(table)
    # The mark of UTF-8 in front: without it Excel reads Chinese as GBK.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([safe(name) for name in cells.columns])
        rows.writerows([safe(cell) for cell in row] for row in cells.to_numpy())


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as plain values: times in ISO form, what is missing None."""
    times = [c for c in table.columns if isinstance(table[c].dtype, pd.DatetimeTZDtype)]
    plain = table.assign(**{c: table[c].map(_iso, na_action="ignore") for c in times})
    return plain.astype("object").where(plain.notna(), None)


def _iso(time: pd.Timestamp) -> str:
    return str(time.isoformat())


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
        return
    plain = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        plain = pd.DataFrame(frame.to_wkt())
    write_csv(plain, path)
