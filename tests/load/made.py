"""Files as planners send them, made small: every defect has a maker."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely

from geo.load import Loaded, ReadOptions, read
from geo.load.findings import Noun
from tests.load.drawn import box

CODES = ("370102001001001", "370102001001002", "370102001001003")


def grids(**columns: Any) -> gpd.GeoDataFrame:
    """Return three sound grids beside each other, columns named as in the contract."""
    shapes = [box(x, 0, x + 300, 300) for x in (0, 300, 600)]
    data = {"code": CODES, "name": ("一网格", "二网格", "三网格"), **columns}
    return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


def chinese_grids() -> gpd.GeoDataFrame:
    """Return the same with short Chinese headings, as a shapefile can hold them."""
    return grids().rename(columns={"code": "编码", "name": "名称"})


def shapefile(
    folder: Path, frame: gpd.GeoDataFrame, *, encoding: str = "UTF-8", without: str = ""
) -> Path:
    """Return a shapefile; `without` names the extensions to take away (".prj.cpg")."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "wangge.shp"
    frame.to_file(path, encoding=encoding)
    for suffix in without.split(".")[1:]:
        path.with_suffix(f".{suffix}").unlink()
    return path


def zipped(target: Path, parts: Mapping[str, Path], *, gbk: bool = False) -> Path:
    """Return an archive of files under names of their own, written as GBK if asked."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in parts.items():
            info = zipfile.ZipInfo(name)
            if gbk:
                info = _GbkInfo(name)
            archive.writestr(info, path.read_bytes())
    return target


class _GbkInfo(zipfile.ZipInfo):
    """A member whose name is written in GBK without the UTF-8 flag, as Chinese Windows does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 zipfile's own name
        return self.filename.encode("gbk"), 0


def parts_of(path: Path, stem: str) -> dict[str, Path]:
    """Return member name → file of a shapefile's parts under another stem."""
    return {f"{stem}{p.suffix}": p for p in sorted(path.parent.glob(f"{path.stem}.*"))}


def workbook(path: Path, *sheets: Sequence[Any], merged: Sequence[str] = ()) -> Path:
    """Return a workbook; `merged` are ranges of the first sheet ("A1:D1")."""
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"第{number + 1}页")
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        for block in merged if number == 0 else ():
            sheet.merge_cells(block)
    book.save(path)
    return path


def one(path: Path, noun: Noun = "areas", **options: Any) -> Loaded:
    """Return the one layer of a file, its datum said unless the test says otherwise."""
    loaded = every(path, noun, **options)
    assert len(loaded) == 1
    return loaded[0]


def every(path: Path, noun: Noun = "areas", **options: Any) -> tuple[Loaded, ...]:
    """Return every layer taken of a file."""
    said = {"datum": "wgs84", **({"kind": "grid"} if noun == "areas" else {}), **options}
    return read(path, noun, ReadOptions(**said))


def found(loaded: Loaded) -> Counter[str]:
    """Return how often each slug was said."""
    return Counter(finding.code for finding in loaded.report.findings)


def rows_of(loaded: Loaded, code: str) -> list[int]:
    """Return the rows a slug was said of."""
    return sorted(r for f in loaded.report.findings if f.code == code for r in f.rows)


def alarms(loaded: Loaded) -> list[str]:
    """Return the slugs above "info"."""
    return [f.code for f in loaded.report.findings if f.severity != "info"]


def in_metres(frame: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    return frame.to_crs(crs)


def undeclared(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame without its system."""
    return gpd.GeoDataFrame(
        frame.drop(columns="geometry"), geometry=list(shapely.from_wkb(frame.geometry.to_wkb()))
    )
