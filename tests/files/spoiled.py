"""Files of atoms and of nets with something wrong in them, and the commands that are given them."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from tests.load.hostile import shapes, tables, workbooks
from tests.load.packed import archives
from tests.nets.drawn import EAST, NORTH, net
from tests.redraw.toy import town

GOOD: Final = "good.gpkg"
OTHER: Final = "other.gpkg"
ATOMS: Final = "atoms.gpkg"
RINGS: Final = 100_000
_MANY: Final = 2_000_000  # values of a bomb
_TABLE: Final = b"lon,lat,households\n"


class Case(NamedTuple):
    """A file with something wrong in it, what the Chinese sentence says of it, options besides."""

    file: str
    says: str
    options: tuple[str, ...] = ()


class Spoiled(NamedTuple):
    """The toy town with one shape, or one column, that cannot be."""

    says: str
    change: Callable[[gpd.GeoDataFrame], Any]
    options: tuple[str, ...] = ()


def _shape(wrong: Callable[[shapely.Geometry], Any]) -> Callable[[gpd.GeoDataFrame], Any]:
    """Put something in the place of the second shape."""

    def changed(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        found = rows.geometry.to_numpy().copy()
        found[1] = wrong(found[1])
        return rows.set_geometry(gpd.GeoSeries(found, index=rows.index, crs=rows.crs))

    return changed


def _moved(shape: shapely.Geometry, value: float) -> Any:
    xy = shapely.get_coordinates(shape)
    xy[1] = value
    return shapely.set_coordinates(shape, xy)


def _column(column: str, *values: object) -> Callable[[gpd.GeoDataFrame], Any]:
    """Fill a column, the last value to the end."""
    return lambda rows: rows.assign(
        **{column: pd.Series([*values, *[values[-1]] * (len(rows) - len(values))])}
    )


def _bow(shape: shapely.Geometry) -> Any:
    west, south, east, north = shape.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])


def _in_degrees(rows: gpd.GeoDataFrame, *, swapped: bool) -> gpd.GeoDataFrame:
    flat = rows.to_crs(4326).geometry.to_numpy() if swapped else rows.geometry.to_numpy()
    turned = shapely.transform(flat, lambda xy: xy[:, ::-1]) if swapped else flat
    return gpd.GeoDataFrame(rows.drop(columns="geometry"), geometry=turned, crs=4326)


WITHIN: Final = ("--within", "within")
TOWNS: Final[dict[str, Spoiled]] = {
    "nan": Spoiled("坐标不是有限数", _shape(lambda shape: _moved(shape, np.nan))),
    "infinite": Spoiled("坐标不是有限数", _shape(lambda shape: _moved(shape, np.inf))),
    "bow-tie": Spoiled("第 2 行", _shape(_bow)),
    "empty": Spoiled("空", _shape(lambda _: shapely.Polygon())),
    "none": Spoiled("空", _shape(lambda _: None)),
    "point": Spoiled("不是面", _shape(lambda shape: shape.centroid)),
    "collection": Spoiled("不是面", _shape(lambda shape: shapely.GeometryCollection([shape]))),
    "upon-the-next": Spoiled("重叠", _shape(lambda shape: shapely.affinity.translate(shape, 50))),
    "swapped": Spoiled("经度，纬度", lambda rows: _in_degrees(rows, swapped=True)),
    "metres-as-degrees": Spoiled("经度，纬度", lambda rows: _in_degrees(rows, swapped=False)),
    "geocentric": Spoiled("地心坐标", lambda rows: rows.set_crs(4978, allow_override=True)),
    "negative": Spoiled("1 行不是 0 到 1e12 的数", _column("households", -1, 50)),
    "unknown": Spoiled("1 行不是 0 到 1e12 的数", _column("households", np.nan, 50)),
    "huge": Spoiled("8 行不是 0 到 1e12 的数", _column("households", 1e300)),
    "words": Spoiled("如“many”", _column("households", "many")),
    "flags": Spoiled("是与否", _column("households", True)),  # noqa: FBT003 a cell
    "dates": Spoiled("日期", _column("households", pd.Timestamp("2026-01-01"))),
    "lists": Spoiled("列表", _column("households", [1, 2])),
    "no-community": Spoiled("没有社区", _column("within", None, "x"), WITHIN),
    "listed-community": Spoiled("列表", _column("within", [1]), WITHIN),
    "no-rule": Spoiled("没有“moon”", _column("rule", "moon")),
    "no-flag": Spoiled("既不是“是”也不是“否”", _column("special", "maybe")),
    "no-rows": Spoiled("没有任何一行", lambda rows: rows.iloc[:0]),
    "no-column": Spoiled("没有名为“户数”的列", lambda rows: rows, ("--weight", "户数")),
}


def towns() -> Iterator[tuple[Case, bytes]]:
    """The toy town in Parquet, spoiled."""
    town_ = town("....\n....").drop(columns="special")
    town_ = town_.set_geometry(town_.translate(EAST, NORTH))
    for name, spoiled in TOWNS.items():
        kept = BytesIO()
        gpd.GeoDataFrame(spoiled.change(town_)).to_parquet(kept)
        yield Case(f"{name}.parquet", spoiled.says, spoiled.options), kept.getvalue()


def bombs() -> Iterator[tuple[Case, bytes]]:
    """Small files out of which far more comes, or that take long to look at."""
    zeros = pa.array(np.zeros(_MANY, np.int32))
    text = pa.DictionaryArray.from_arrays(zeros[: _MANY // 4], pa.array(["x" * 4_000]))
    lists = pa.ListArray.from_arrays(pa.array([0, _MANY], pa.int32()), zeros)
    yield Case("one-text.parquet", "读出来超过"), _parquet(pa.table({"households": text}))
    yield Case("one-list.parquet", "个值，不是台账"), _parquet(pa.table({"households": lists}))
    yield (
        Case("wide.parquet", "有 5,000 列"),
        _parquet(pa.table({f"c{n}": [1] for n in range(5000)})),
    )
    rings = struct.pack("<I8d", 4, 117, 36, 117.1, 36, 117.1, 36.1, 117, 36) * RINGS
    many = struct.pack("<BII", 1, 3, RINGS) + rings
    yield Case("rings.parquet", f"有 {RINGS} 个环"), _shaped(many, many)
    yield Case("cut-ring.parquet", "读不了"), _shaped(many[:500], b"\x01")
    yield Case("no-description.parquet", "读不了"), _shaped(b"\x01", described=b"[1]")
    yield Case("deep-description.parquet", "读不了"), _shaped(b"\x01", described=b"[" * 99_999)
    blown = gzip.compress(_TABLE + b"117,36.6,1\n" * 1_000_000)
    yield Case("blown.csv.gz", "解压后超过"), blown
    long = _TABLE + b"117,36," + b"1" * 5_000_000 + b"\n"
    yield Case("long-line.csv", "第 2 行长于 4 MB"), long
    yield (
        Case("twice.csv", "不止一个", ("--datum", "wgs84")),
        (b"lon,lat,households,households\n117,36.6,1,2\n"),
    )
    yield Case("heading.csv", "没有任何一行", ("--datum", "wgs84")), _TABLE


def _parquet(table: pa.Table) -> bytes:
    kept = BytesIO()
    pq.write_table(table, kept, compression="zstd")
    return kept.getvalue()


def _shaped(*rows: bytes, described: bytes = b"") -> bytes:
    """Return GeoParquet of shapes as they are given."""
    kept = BytesIO()
    here = gpd.GeoSeries([shapely.box(117, 36, 117.1, 36.1)] * len(rows), crs=4326)
    gpd.GeoDataFrame({"households": [1] * len(rows)}, geometry=here).to_parquet(kept)
    table = pq.read_table(kept)
    place = table.schema.get_field_index("geometry")
    table = table.set_column(place, "geometry", pa.array(list(rows), pa.binary()))
    told = {b"geo": described} if described else table.schema.metadata
    return _parquet(table.replace_schema_metadata(told))


def cut_short(folder: Path) -> Iterator[Case]:
    """Files of each form that end in the middle, and those that are not what they are called."""
    rows = town("....").drop(columns="special")
    for name in ("whole.gpkg", "whole.fgb", "whole.geojson"):
        rows.to_file(folder / name)
        content = (folder / name).read_bytes()
        (folder / f"cut-{name}").write_bytes(content[: len(content) // 2])
        yield Case(f"cut-{name}", "读不")
    (folder / "cut.parquet").write_bytes((folder / "nan.parquet").read_bytes()[:-40])
    yield Case("cut.parquet", "不是 Parquet，或缺少结尾")
    (folder / "no.gpkg").write_bytes((folder / "whole.fgb").read_bytes()[:8])
    yield Case("no.gpkg", "读不了")
    (folder / "no.xlsx").write_bytes((folder / "whole.gpkg").read_bytes()[:100])
    yield Case("no.xlsx", "读不")
    yield Case("no-such.gpkg", "")
    yield Case("a-folder", "")
    (folder / "a-folder").mkdir()


def made_to_hurt() -> Iterator[tuple[Case, bytes]]:
    """Some of what the importer is given, of each kind."""
    wanted = {
        "laughs.xlsx": "", "rows-of-nothing.xlsx": "个单元格压缩成", "open-quote.csv": "",
        "longest-cell.csv": "第 2 行长于 4 MB", "wide.csv": "", "inflated.parquet": "不是台账",
        "crossed.geojson": "自相交约", "rings-that-cross.geojson": "自相交约",
        "rings-without-end.geojson": "个点，不是", "rings-without-end.kml": "个点，不是",
        "deep.geojson": "读不了", "endless.gpkg": "没有尽头",
    }  # fmt: skip
    for name, content in [*workbooks(), *tables(), *shapes()]:
        if name in wanted:
            options = ("--datum", "wgs84") if name.endswith((".csv", ".xlsx")) else ()
            yield Case(name, wanted[name], options), content
    for name, content in archives():
        yield Case(name, ""), content


def made(folder: Path) -> list[Case]:
    """Return the cases, their files made in a folder, with those that are as they should be."""
    for name in (GOOD, OTHER):
        net("aabb\naabb").assign(households=400).to_file(folder / name)
    town("....\n....").drop(columns="special").to_file(folder / ATOMS)
    cases = []
    for case, content in [*towns(), *bombs(), *made_to_hurt()]:
        (folder / case.file).write_bytes(content)
        cases.append(case)
    return [*cases, *cut_short(folder)]


# Of these a merger makes no net either; the others' bad rows it sets aside and says so.
MERGED: Final = (
    *("no-rows.parquet", "metres-as-degrees.parquet", "flags.parquet", "dates.parquet"),
    *("one-text.parquet", "one-list.parquet", "rings.parquet", "blown.csv.gz", "endless.gpkg"),
    "deep-description.parquet",
)
