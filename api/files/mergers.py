"""A merger of nets as files: layers, a workbook with a sheet a department, a table, a report."""

from __future__ import annotations

import csv
import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pandas as pd
import pyogrio
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from api.files.ledgers import MOST_ROWS, fill
from api.files.plans import UNWRITTEN, not_written, plain, report_of
from api.files.replacing import replacing
from geo.errors import FileNotWrittenError
from geo.load.guards import safe
from geo.nets import CONFLICT_COLUMNS, TABLE_COLUMNS, Kept, Merged, Priced

SUFFIXES: Final = (".gpkg", ".xlsx", ".csv", ".json")
HOUSEHOLDS_SHEET: Final = "分歧户数"
AREA_SHEET: Final = "分歧面积"
CONFLICTS_SHEET: Final = "分歧清单"
_WORST: Final = 50  # conflicts in the report; the layer and the workbook have all
_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31
_DEPARTMENT: Final = "部门"


def outputs(out: Path) -> tuple[Path, ...]:
    """Return the files that a merger writes beside its GeoPackage, that one first."""
    return tuple(out.with_suffix(suffix) for suffix in SUFFIXES)


def write_merger(merged: Merged, about: dict[str, dict[str, object]], out: Path) -> None:
    """Write a merger: all of its files, whole, or none.

    The GeoPackage has layers `grids`, `assignment` (`atom`, `grid`), `atoms` (with the unit of
    each in each net) and `conflicts`; `about` says of each file how it was read.

    Raises
    ------
    FileNotWrittenError
        When a folder may not be written to, or a form cannot hold the rows.
    """
    with ExitStack() as drafts:
        layers, book, table, report = (drafts.enter_context(replacing(p)) for p in outputs(out))
        try:
            _write_layers(merged, layers)
        except UNWRITTEN as error:
            raise not_written(out, error) from error
        _workbook(merged, book.name).save(book)
        _write_table(merged, table)
        told = json.dumps(report_of_merger(merged, about), ensure_ascii=False, indent=1)
        report.write_text(told, encoding="utf-8")


def _write_layers(merged: Merged, path: Path) -> None:
    form = {"driver": "GPKG", "geometry_type": "MultiPolygon"}
    pyogrio.write_dataframe(merged.drawn.grids, path, layer="grids", **form)
    assignment = pd.DataFrame(merged.atoms[["atom", "grid"]])
    pyogrio.write_dataframe(assignment, path, layer="assignment", driver="GPKG")
    pyogrio.write_dataframe(merged.atoms, path, layer="atoms", **form)
    pyogrio.write_dataframe(merged.conflicts, path, layer="conflicts", **form)


def _workbook(merged: Merged, name: str) -> Workbook:
    book = Workbook()
    first = book.active
    if isinstance(first, Worksheet):
        book.remove(first)
    sheets = {
        HOUSEHOLDS_SHEET: square(merged, "conflict"),
        AREA_SHEET: square(merged, "area_conflict"),
        CONFLICTS_SHEET: pd.DataFrame(merged.conflicts[list(CONFLICT_COLUMNS)]).rename(
            columns=CONFLICT_COLUMNS
        ),
    }
    for net, table in merged.tables.items():
        sheets[sheet_name(net, list(sheets))] = table.rename(columns=TABLE_COLUMNS)
    for title, table in sheets.items():
        if len(table) > MOST_ROWS:
            raise FileNotWrittenError(path=name, reason=f"{title}: {len(table):,} > {MOST_ROWS:,}")
        try:
            fill(book.create_sheet(title), table)
        except IllegalCharacterError as error:
            raise FileNotWrittenError(path=name, reason=error) from error
    return book


def square(merged: Merged, measure: str) -> pd.DataFrame:
    """Return a measure of every two nets as a square: a row and a column a net."""
    names = list(merged.tables)
    table = pd.DataFrame(0.0, index=names, columns=names)
    for row in merged.matrix.to_dict("records"):
        table.loc[row["net_a"], row["net_b"]] = table.loc[row["net_b"], row["net_a"]] = row[measure]
    return table.round(1).rename_axis(_DEPARTMENT).reset_index()


def sheet_name(net: str, taken: list[str]) -> str:
    """Return a name a sheet can have, unlike those taken.

    >>> sheet_name("公安/治安", []), sheet_name("公安", ["公安"])
    ('公安_治安', '公安_2')
    """
    short = _NO_SHEET_NAME.sub("_", net)[:_LONGEST_NAME]
    used, name, number = {title.casefold() for title in taken}, short, 1
    while name.casefold() in used:
        number += 1
        end = f"_{number}"
        name = short[: _LONGEST_NAME - len(end)] + end
    return name


def _write_table(merged: Merged, path: Path) -> None:
    # The mark of UTF-8 in front: without it Excel reads Chinese as GBK.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([_DEPARTMENT, *TABLE_COLUMNS.values()])
        for net, table in merged.tables.items():
            for cells in table.itertuples(index=False):
                rows.writerow([safe(cell) for cell in (net, *cells)])


def report_of_merger(merged: Merged, about: dict[str, dict[str, object]]) -> dict[str, object]:
    """Return the report as plain values: files, matrix, borders kept, worst conflicts, the plan."""
    facts, (own, along) = merged.facts, merged.own
    worst = pd.DataFrame(merged.conflicts[list(CONFLICT_COLUMNS)]).head(_WORST)
    return {
        "files": about,
        "households_from": facts.net or facts.source,
        "households_outside": plain(facts.outside),
        "swallowed": facts.swallowed,
        "in_no_unit": {
            net: {"households": plain(households), "area": round(area, 1)}
            for net, (households, area) in facts.bare.items()
        },
        "slivers": facts.slivers,
        "sliver_m2": round(facts.sliver_m2, 1),
        "beyond_m2": round(facts.beyond_m2, 1),
        "atoms": facts.atoms,
        "pieces": facts.pieces,
        "matrix": _rows(merged.matrix),
        "borders_kept": [_kept(border) for border in merged.kept],
        "prices": [_priced(plan) for plan in merged.prices],
        "chosen": merged.prices.index(merged.chosen),
        "most_kept": round(merged.most, 4),
        "barriers": merged.barriers,
        "new_borders_m": round(own, 1),
        "new_borders_on_old_m": round(along, 1),
        "worst": _rows(worst),
        "conflicts": len(merged.conflicts),
        "stages": facts.seconds,
        "plan": report_of(merged.drawn),
    }


def _priced(plan: Priced) -> dict[str, object]:
    """Return what is to be said of a plan looked at, as plain values."""
    figures = {name: plain(value) for name, value in plan._asdict().items() if name != "each"}
    return {**figures, "each": list(plan.each)}


def _kept(border: Kept) -> dict[str, object]:
    """Return how much of a net's borders is kept, in metres and as shares."""
    shares = {
        name: round(metres / border.metres, 4) if border.metres > 0 else None
        for name, metres in (
            ("share", border.kept),
            ("unasked_share", border.unasked),
            ("most_share", border.most),
        )
    }
    lengths = {name: round(getattr(border, name), 1) for name in ("metres", "kept", "unasked")}
    return {"net": border.net, **lengths, **shares}


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): plain(v) for k, v in row.items()} for row in table.to_dict("records")]
