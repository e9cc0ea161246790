"""Why a file cannot be read is said in Chinese, though libraries know English alone."""

from __future__ import annotations

import struct
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import UnreadableFileError
from geo.load import ReadOptions, read
from geo.load.reasons import meaning, not_opened, unreadable
from tests.load.hostile import package, workbook, zipped
from tests.load.packed import archives

# What a library says of each holds this, in Chinese; "" where it says nothing that is known.
MEANT: Final = {
    "cut.zip": "ZIP",
    "cut.csv.gz": "gzip",
    "lzma.zip": "压缩",
    "no-utf8.zip": "编码",
    "cut.parquet": "Parquet",
    "changed.parquet": "Parquet",
    "cut.gpkg": "数据库",
    "cut.kml": "",
    "open.xlsx": "XML",
    "no-parts.xlsx": "工作簿",
    "cut.geojson": "",
    "index-beyond.zip": ".shx",
}


@pytest.fixture(scope="module")
def broken() -> dict[str, bytes]:
    table = BytesIO()
    pq.write_table(pa.table({"code": ["x"] * 99}), table)
    whole = table.getvalue()
    return {
        **dict(archives()),
        "cut.parquet": whole[:-20],
        "changed.parquet": whole[:-60] + bytes(30) + whole[-30:],
        "cut.gpkg": package()[:5_000],
        "cut.kml": b"<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark>",
        "open.xlsx": workbook("<row><c>"),
        "no-parts.xlsx": zipped({"xl/workbook.xml": b"<workbook/>"}),
        "cut.geojson": b'{"type":"FeatureCollection","features":[{"type":',
        "index-beyond.zip": _index_beyond(),
    }


def _index_beyond() -> bytes:
    """Return a shapefile whose index says that its first shape lies beyond the end."""
    with tempfile.TemporaryDirectory() as folder:
        box = shapely.box(117, 36, 118, 37)
        shapes = gpd.GeoDataFrame({"code": ["1"]}, geometry=[box], crs=4326)
        shapes.to_file(Path(folder) / "a.shp")
        parts = {part.name: part.read_bytes() for part in Path(folder).iterdir()}
    head, rest = parts["a.shx"][:100], parts["a.shx"][108:]
    return zipped({**parts, "a.shx": head + struct.pack(">2i", 0x7FFFFFF0, 0x7FFFFFF0) + rest})


@pytest.mark.parametrize(("name", "means"), MEANT.items())
def test_what_libraries_say_of_broken_files_is_in_the_table(
    broken: dict[str, bytes], name: str, means: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(broken[name])
    with pytest.raises(UnreadableFileError) as found:
        read(tmp_path / name, "areas", ReadOptions())
    assert means in found.value.sentence_zh
    assert "原因“" not in found.value.sentence_zh, found.value.sentence_en


def test_what_is_not_in_the_table_is_quoted_and_what_is_our_own_is_said_as_it_is() -> None:
    assert meaning("the moon is full") == "原因“the moon is full”"
    error = unreadable("a.gpkg", ValueError("the moon is full; It might help to specify it\nsee"))
    assert error.sentence_zh.count("原因“the moon is full”") == 1
    assert error.sentence_en.startswith("'a.gpkg' cannot be read")
    assert "里面没有图层" in not_opened("a.gpkg", "no layers", "里面没有图层").sentence_zh
