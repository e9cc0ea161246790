"""Files made to hurt whoever reads them: small to send, large or endless or broken to open."""

from __future__ import annotations

import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

_BOOK: Final = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD: Final = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>工单编号</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>内容</t></is></c></row>'
)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(rows: str, *, after: str = "", prolog: str = "") -> bytes:
    """Return a workbook whose one sheet is written as it is told."""
    sheet = (
        f'<?xml version="1.0"?>{prolog}<worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": rels.format(_OFFICE, "officeDocument", "xl/workbook.xml").encode(),
            "xl/workbook.xml": _BOOK.encode(),
            "xl/_rels/workbook.xml.rels": rels.format(
                _OFFICE, "worksheet", "worksheets/sheet1.xml"
            ).encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
        }
    )


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Workbooks: laughs, endless rows, blocks merged over the whole sheet, cells beyond it."""
    letters = list(zip("abcdefgh", "bcdefghi", strict=True))
    more = "".join(f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in letters)
    laughs = f'<!DOCTYPE x [<!ENTITY a "ha">{more}]>'
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 100_000))
    unsaid = "".join(f'<row r="{n}"><c r="A{n}"><v></v></c></row>' for n in range(2, 60_000))
    texts = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t> </t></is></c></row>'
        for n in range(2, 9_000)
    )
    runs = "<r><t>" + "字" * 9_000 + "</t></r>"
    blocks = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(3, 30_000))
    far = '<row r="99999999"><c r="A99999999"><v>1</v></c></row>'
    yield "laughs.xlsx", workbook(_HEAD + _cell("&i;"), prolog=laughs)
    yield "outside.xlsx", workbook(_HEAD + _cell("&e;"), prolog=outside)
    yield "blank-cells.xlsx", workbook(_HEAD + blank)
    yield "blank-values.xlsx", workbook(_HEAD + unsaid)
    yield "blank-texts.xlsx", workbook(_HEAD + texts)
    yield "rows-of-nothing.xlsx", workbook(_HEAD + "<row/>" * 400_000)
    yield "cells-of-no-place.xlsx", workbook(_HEAD + "<row><c><v>1</v></c></row>" * 250_000)
    yield "longest-cell.xlsx", workbook(_HEAD + _cell("x" * 6_000_000))
    yield "cell-of-runs.xlsx", workbook(_HEAD + _cell_of(runs * 200))
    yield "blocks.xlsx", workbook(_HEAD + _cell("x"), after=f"<mergeCells>{blocks}</mergeCells>")
    yield "styles.xlsx", _styled(_HEAD + _cell("x"), "<xf/>" * 4_000_000)
    yield "merged-sheet.xlsx", workbook(_HEAD, after=_MERGED.format("A1:XFD1048576"))
    yield "merged-column.xlsx", workbook(_HEAD + _cell("x"), after=_MERGED.format("A2:A1048576"))
    yield "beyond.xlsx", workbook(_HEAD + far)
    yield "long-cell.xlsx", workbook(_HEAD + _cell("字" * 200_000))
    yield "no-such-text.xlsx", workbook(_HEAD + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>')
    yield "no-such-style.xlsx", workbook(_HEAD + '<row r="2"><c r="A2" s="999"><v>7</v></c></row>')
    yield "no-place.xlsx", workbook(_HEAD + '<row><c r="??"><v>1</v></c></row>')


def _cell(text: str) -> str:
    return _cell_of(f"<t>{text}</t>")


def _cell_of(inner: str) -> str:
    return f'<row r="2"><c r="A2" t="inlineStr"><is>{inner}</is></c></row>'


def _styled(rows: str, styles: str) -> bytes:
    """Return a workbook with a part of styles."""
    with zipfile.ZipFile(BytesIO(workbook(rows))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return zipped({**parts, "xl/styles.xml": f"{head}{styles}</styleSheet>".encode()})


_MERGED: Final = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'


def tables() -> Iterator[tuple[str, bytes]]:
    """Tables: quotes that stay open, thousands of columns, rows that take no room."""
    head = "工单编号,内容,经度,纬度\n"
    yield "open-quote.csv", (head + '1,"' + "x,y\n" * 60_000).encode()
    yield "longest-cell.csv", (head + "1," + "x" * 6_000_000 + ",117,36\n").encode()
    arc = struct.pack("<BII6d", 1, 8, 3, 117, 36, 117.1, 36.1, 117.2, 36)
    within = struct.pack("<BII", 1, 7, 1) + arc
    out = BytesIO()
    wkb = [arc, within, shapely.to_wkb(shapely.Point(117, 36))]
    described = {"version": "1.0.0", "primary_column": "at", "columns": {"at": {"encoding": "WKB"}}}
    arcs = pa.table({"code": ["1", "2", "3"], "at": wkb})
    pq.write_table(arcs.replace_schema_metadata({b"geo": json.dumps(described).encode()}), out)
    yield "arcs.parquet", out.getvalue()
    curve = "CURVEPOLYGON(CIRCULARSTRING(117 36,117.1 36.1,117.2 36,117.1 35.9,117 36))"
    point = "POLYGON((117 36,117.1 36,117 36.1,117 36))"
    yield "arcs.wkt.csv", f'code,name,wkt\n1,a,"{curve}"\n2,b,"{point}"\n'.encode()
    yield "open-brackets.csv", b'code,name,geojson\n1,a,"' + b"[" * 90_000 + b'"\n'
    long = ("1" + " " * 30_000 + "x", "1" * 30_000 + "x", "2026" + "年" * 30_000)
    times = "".join(f"{n},{cell}\n" for n, cell in enumerate(long))
    yield "long-times.csv", ("工单编号,受理时间\n" + times).encode()
    digits = "1" * 30_000
    yield "long-numbers.csv", (head + f"1,x,{digits}x,{digits}x\n").encode()
    yield "longest-quote.csv", (head + '1,"' + "x,y\n" * 1_300_000).encode()
    yield "blank-lines.csv", head.encode() + b"\n" * 1_500_000
    yield "millions.csv", head.encode() + b"1,x\n" * 2_000_000
    yield "chinese-gbk.csv", (head + "1,灯不亮了,117,36.6\n" * 20_000).encode("gbk")
    yield "wide.csv", ",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1\n"
    yield "no-numbers.csv", (head + "1,x,nan,inf\n2,x,1e999,-inf\n").encode("gb18030")
    out = BytesIO()
    pq.write_table(pa.table({"code": pa.array(["x"] * 1_500_000).dictionary_encode()}), out)
    yield "inflated.parquet", out.getvalue()
    for name, metadata in {"bytes": b"{}", "deep": b"[" * 100_000}.items():
        out = BytesIO()
        plain = pa.table({"code": ["a"], "wkt": [b"\x01\xff\xfe"]})
        pq.write_table(plain.replace_schema_metadata({b"pandas": metadata}), out)
        yield f"{name}.parquet", out.getvalue()


def shapes() -> Iterator[tuple[str, bytes]]:
    """Shapes: rings without end, lines that cross everywhere, a column a row, an endless view."""
    star: list[list[float]] = [
        [117 + (n * 7919 % 3001) / 3e5, 36 + (n * 104729 % 3001) / 3e5] for n in range(3000)
    ]
    yield "crossed.geojson", _shape([[*star, star[0]]])
    circles = (shapely.Point(117, 36).buffer(n / 1e4, 4) for n in range(1, 1_000))
    yield "piled.geojson", _layer(json.loads(shapely.to_geojson(area)) for area in circles)
    part = [[[117, 36], [117.1, 36], [117.1, 36.1], [117, 36]]]
    yield (
        "one-part-many-times.geojson",
        _layer([{"type": "MultiPolygon", "coordinates": [part] * 3_000}]),
    )
    yield "one-point-for-a-ring.geojson", _shape([star[:1] * 4])
    few = [*star[:900], star[0]]
    yield "crossed-a-little-less.geojson", _shape([few])
    spikes = _shape([[*star[:70], star[0]]])
    each = spikes[spikes.index(b"[{") + 1 : spikes.rindex(b"]")]
    many = b",".join([each] * 3_000)
    yield "crossed-by-turns.geojson", b'{"type":"FeatureCollection","features":[' + many + b"]}"
    text = ",".join(f"{x} {y}" for x, y in few)
    yield "crossed.wkt.csv", f'code,name,wkt\n1,a,"POLYGON(({text}))"\n'.encode()
    triangles = [[[x, 36.0], [x + 0.1, 36.0], [x + 0.1, 36.1], [x, 36.0]] for x in _WESTS]
    yield "rings-that-cross.geojson", _shape(triangles)
    yield "rings-on-one-line.geojson", _shape([[*t[:3], [t[0][0], 36.1], t[0]] for t in triangles])
    yield "one-ring-many-times.geojson", _shape([triangles[0]] * 2_000)
    yield "rings-without-end.geojson", _shape([triangles[0]] * 100_000)
    yield "longest-text.geojson", _text_of(18_000_000)
    yield "rings-without-end.kml", _KML.format(_KML_RING * 80_000).encode()
    box: list[list[float]] = [[117, 36], [117.1, 36], [117.1, 36.1], [117, 36]]
    yield "holes.geojson", _shape([box] * 6_000)
    keys = (f'{{"type":"Feature","properties":{{"k{n}":1}},"geometry":null}}' for n in range(2500))
    yield "keys.geojson", f'{{"type":"FeatureCollection","features":[{",".join(keys)}]}}'.encode()
    yield "deep.geojson", b'{"type":"FeatureCollection","features":' + b"[" * 200_000
    yield "endless.gpkg", package()
    for name, view in RECKONED.items():
        yield name, package(view)
    yield "view-beside-tables.gpkg", package(RECKONED["unknown-function.gpkg"], beside=_TABLE)


_WESTS: Final = [117 + n / 1e5 for n in range(2_000)]
_KML: Final = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Polygon>'
    "{}</Polygon></Placemark></Document></kml>"
)
_KML_RING: Final = (
    "<innerBoundaryIs><LinearRing><coordinates>117,36 117.1,36 117.1,36.1 117,36</coordinates>"
    "</LinearRing></innerBoundaryIs>"
)


def _text_of(length: int) -> bytes:
    box = _shape([[[117, 36], [117.1, 36], [117.1, 36.1], [117, 36]]])
    return box.replace(b'"code": "1"', b'"code": "' + b"x" * length + b'"')


def _shape(rings: list[list[list[float]]]) -> bytes:
    return _layer([{"type": "Polygon", "coordinates": rings}])


def _layer(shapes: Iterable[dict[str, object]]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"code": str(n)}, "geometry": shape}
        for n, shape in enumerate(shapes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def package(view: str = "", *, beside: str = "") -> bytes:
    """Return a GeoPackage whose one layer is a view, which never ends unless it is told.

    `beside`: what else is done to it, in SQL.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.gpkg"
        with closing(sqlite3.connect(file)) as conn:
            conn.executescript(_PACKAGE.replace(_ENDLESS, view or _ENDLESS) + beside)
        return file.read_bytes()


_ENDLESS: Final = """
create view t as with recursive n(i) as (select 1 union all select i + 1 from n)
    select i as fid, null as geom, 'x' as code from n;"""
# A table with a shape, and a trigger that never ends: written to, it would keep a reader busy.
_SQUARE: Final = shapely.to_wkb(shapely.box(117, 36, 117.01, 36.01), hex=True)
_TABLE: Final = f"""
create table plain (fid integer primary key, geom blob, code text, name text);
insert into plain values (1, x'47500001E6100000{_SQUARE}', 'G1', '一网格');
insert into gpkg_contents values ('plain', 'features', 'p', null, 0, 117, 36, 118, 37, 4326);
insert into gpkg_geometry_columns values ('plain', 'geom', 'POLYGON', 4326, 0, 0);
create trigger busy before delete on gpkg_contents begin select max(i) from (with recursive n(i) as
    (select 1 union all select i + 1 from n) select i from n); end;"""
_SOME: Final = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)"
RECKONED: Final = {
    "large-value.gpkg": "create view t as select 1 as fid, null as geom, hex(randomblob(50000000))"
    " as code;",
    "large-values.gpkg": f"create view t as {_SOME} select i as fid, null as geom,"
    " hex(zeroblob(1000000)) as code from n;",
    "endless-column.gpkg": "create view t as select 1 as fid, null as geom, (with recursive n(i) as"
    " (select 1 union all select i + 1 from n) select max(i) from n) as code;",
    "long-columns.gpkg": f"create view t as {_SOME} select i as fid, null as geom,"
    " length(hex(randomblob(7000000 + i))) as code from n;",
    "unknown-function.gpkg": "create view t as with recursive n(i) as (select 1 union all select i"
    " + 1 from n where st_isempty(null) is not 7) select i as fid, null as geom, 'x' as code"
    " from n;",
    "text-of-any-size.gpkg": "create view t as select 1 as fid, null as geom,"
    " printf('%.*c', 900000000, 'x') as code;",
    "rows-of-nothing.gpkg": f"create view t as {_SOME.replace('20000', '390000')} select i as fid,"
    " null as geom, 'x' as code from n;",
    "nested.gpkg": "create view t as select 1 as fid, null as geom from t24;"
    "create view t0 as select 1 as fid;"
    + "".join(
        f"create view t{n} as select a.fid from t{n - 1} a, t{n - 1} b;" for n in range(1, 25)
    ),
    "generated.gpkg": "create table t (fid integer primary key, geom blob, code text generated"
    " always as (hex(zeroblob(30000000))) virtual); insert into t (geom) values (null);",
}
_PACKAGE: Final = (
    """
pragma application_id = 1196444487;
create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text,
    organization_coordsys_id integer, definition text, description text);
insert into gpkg_spatial_ref_sys values ('w', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84"]', null);
create table gpkg_contents (table_name text primary key, data_type text, identifier text,
    description text, last_change datetime, min_x, min_y, max_x, max_y, srs_id integer);
create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text,
    srs_id integer, z integer, m integer);
"""
    + _ENDLESS
    + """
insert into gpkg_contents values ('t', 'features', 't', null, 0, 0, 0, 0, 0, 4326);
insert into gpkg_geometry_columns values ('t', 'geom', 'POLYGON', 4326, 0, 0);
"""
)


def garbled(content: bytes, seed: int) -> bytes:
    """Return bytes cut short, or some of them changed, by a seed."""
    draw = Random(seed)
    if draw.random() < _CUT:
        return content[: draw.randrange(1, max(2, len(content)))]
    changed = bytearray(content)
    for _ in range(draw.choice((1, 8, 64))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


_CUT: Final = 0.3
