"""A plan written to a file, in the form that the file's ending names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError

from api.files.ledgers import write_workbook
from api.files.replacing import replacing
from api.files.sinks import PARQUET
from geo.errors import FileNotWrittenError, FormatUnknownError
from geo.load.exports import write_csv

ASSIGNMENT: Final = "assignment"  # the layer, as a redraw to a file names it
GRIDS: Final = "grids"


class PlanTables(NamedTuple):
    """What a plan is, as tables.

    Parameters
    ----------
    atoms
        `atom`, `grid` (missing: in none), `households`, `within`, `estate`, `geometry`.
    grids
        The grids there would be, special ones included, with their counts and bounds.
    ledger
        The columns of `geo.plan.LEDGER_COLUMNS`.
    """

    atoms: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame
    ledger: pd.DataFrame

    @property
    def assignment(self) -> pd.DataFrame:
        """The two columns `atom` and `grid`."""
        return pd.DataFrame(self.atoms[["atom", "grid"]])


def write_plan_tables(tables: PlanTables, out: Path) -> None:
    """Write a plan, whole or not at all.

    Raises
    ------
    FormatUnknownError
        When the ending names no form.
    FileNotWrittenError
        When the form cannot hold it, or the folder may not be written to.
    """
    write = writer_of(out)
    with replacing(out) as draft:
        try:
            write(tables, draft)
        except (DataSourceError, DataLayerError, FieldError) as error:
            raise FileNotWrittenError(path=out, reason=error) from error


def writer_of(out: Path) -> Callable[[PlanTables, Path], None]:
    """Return what writes the form that a file's ending names.

    Raises
    ------
    FormatUnknownError
        When it names none: which there are.
    """
    write = _WRITERS.get(out.suffix.lower())
    if write is None:
        raise FormatUnknownError(path=out.name, known=", ".join(_WRITERS))
    return write


def write_rows(table: pd.DataFrame, out: Path) -> None:
    """Write a table as CSV, whole or not at all; what is missing is blank.

    Raises
    ------
    FormatUnknownError, FileNotWrittenError
        When the ending is not .csv, or the folder may not be written to.
    """
    if out.suffix.lower() != ".csv":
        raise FormatUnknownError(path=out.name, known=".csv")
    with replacing(out) as draft:
        write_csv(table, draft)


def _csv(tables: PlanTables, path: Path) -> None:
    write_csv(tables.assignment, path)


def _geopackage(tables: PlanTables, path: Path) -> None:
    pyogrio.write_dataframe(
        tables.grids, path, layer=GRIDS, driver="GPKG", geometry_type="MultiPolygon"
    )
    pyogrio.write_dataframe(tables.assignment, path, layer=ASSIGNMENT, driver="GPKG")


def _geoparquet(tables: PlanTables, path: Path) -> None:
    tables.atoms.to_parquet(path, index=False)


def _workbook(tables: PlanTables, path: Path) -> None:
    write_workbook(tables.ledger, tables.assignment, path)


_WRITERS: Final = {
    ".csv": _csv,
    ".gpkg": _geopackage,
    **dict.fromkeys(PARQUET, _geoparquet),
    ".xlsx": _workbook,
}
