"""`jingwei assign`: rows come back as they were, with the grid that owns each."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from shapely import box

from geo.crs import DATUMS, Datum, from_wgs84
from geo.errors import (
    ColumnTakenError,
    DatumNotNamedError,
    FileNotWrittenError,
    FileUnreadableError,
    FormatUnknownError,
    GridColumnsError,
    LayerNotNamedError,
    PositionColumnsError,
    SameFileError,
    TextTableError,
    UnreadableFileError,
)
from geo.load.guards import unguarded
from tests.files.given import TEXT, Run, invoke, places, typed


def test_csv_rows_come_back_byte_for_byte_with_one_field_more(run: Run, tmp_path: Path) -> None:
    out = run(typed(tmp_path, TEXT))
    assert out.read_bytes().decode() == (
        'id,LON,Lat,"备注",grid\r\n'
        '007,117.005,36.605,"a ""quoted"", one",007\r\n'
        "12345678901234567890,117.015,36.605,,010\r\n"
        'NA,117.01,36.605,,"s,1"\r\n'
        '0.10,118,36.605,"two\nlines",\r\n'
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_keeps_its_encoding(run: Run, tmp_path: Path, encoding: str) -> None:
    out = run(typed(tmp_path, TEXT, encoding=encoding))
    assert out.read_bytes().startswith(TEXT.splitlines()[0].encode(encoding))
    assert out.read_bytes().decode(encoding).endswith('"two\nlines",\r\n')


def test_csv_keeps_its_delimiter_blank_lines_and_missing_last_line_end(
    run: Run, tmp_path: Path
) -> None:
    out = run(typed(tmp_path, "lat;lon;a\n36.605;117.005;x\n\n36.605\n36.605;117.015;y"))
    assert out.read_text() == (
        "lat;lon;a;grid\n36.605;117.005;x;007\n\n36.605;;;\n36.605;117.015;y;010"
    )


def test_packed_csv_is_read_and_written(run: Run, tmp_path: Path) -> None:
    out = run(typed(tmp_path, TEXT, "points.csv.gz"), "out.csv.gz")
    first = gzip.decompress(out.read_bytes()).decode()
    assert first.startswith('id,LON,Lat,"备注",grid\r\n')
    again = run(typed(tmp_path, TEXT, "points.csv.gz"), "again.csv.gz")
    assert gzip.decompress(again.read_bytes()).decode() == first


def test_a_header_alone_gives_a_header_alone(run: Run, tmp_path: Path) -> None:
    assert run(typed(tmp_path, "lon,lat\n")).read_text() == "lon,lat,grid\n"
    out = run(typed(tmp_path, "经度,纬度\n"), "out.parquet")
    assert pq.read_table(out).column_names == ["经度", "纬度", "grid"]


def test_rows_without_usable_coordinates_are_kept_and_counted(
    run: Run, grids: Path, tmp_path: Path
) -> None:
    bad = ["", " ", "nan", "inf", "-inf", "x", "1_17", "117,005", "1e400", "1e300", "181", "\0"]
    lines = [f'"{word}",36.605' for word in bad] + ["117.005,36.605", "-17,36", "0,0"]
    points = typed(tmp_path, "\n".join(["lon,lat", *lines]) + "\n")
    found = pd.read_csv(run(points), dtype=str, keep_default_na=False)
    assert found["grid"].tolist() == [""] * len(bad) + ["007", "", ""]
    result = invoke(points, "--grids", grids, "--datum", "wgs84", "--out", tmp_path / "o.csv")
    assert "共 15 行：1 行找到网格，2 行不在任何网格内，12 行没有可用坐标。" in result.stderr
    assert "15 rows: 1 in a grid, 2 in none, 12 without usable coordinates." in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("datum", DATUMS)
def test_every_datum_finds_the_same_grid(run: Run, tmp_path: Path, datum: Datum) -> None:
    lon, lat = from_wgs84([117.005, 117.0102, 117.0095], [36.6001, 36.601, 36.605], datum)
    rows = [f"{x!r},{y!r}" for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    out = run(typed(tmp_path, "\n".join(["lon,lat", *rows])), datum=datum.upper())
    assert pd.read_csv(out, dtype=str)["grid"].tolist() == ["007", "010", "s,1"]


def test_parquet_keeps_types_values_and_metadata(run: Run, tmp_path: Path) -> None:
    table = pa.table(
        {
            "big": pa.array([2**63 - 1, None], pa.int64()),
            "Lon": pa.array([117.005, None], pa.float64()),
            "lat": pa.array([36.605, 36.605], pa.float32()),
            "text": pa.array(["", None], pa.large_string()),
            "list": pa.array([[1], None], pa.list_(pa.int8())),
        }
    ).replace_schema_metadata({"note": "济南"})
    path = tmp_path / "points.parquet"
    pq.write_table(table, path, compression="zstd")
    out = pq.ParquetFile(run(path, "out.parquet"))
    assert out.read().drop_columns("grid").equals(table)
    assert out.read()["grid"].to_pylist() == ["007", None]
    assert out.schema_arrow.metadata[b"note"] == "济南".encode()
    assert out.metadata.row_group(0).column(0).compression == "ZSTD"


def test_text_that_no_text_table_held_is_guarded_on_its_way_into_one(
    run: Run, tmp_path: Path
) -> None:
    texts = ["=1+1", "'=1", "\u3000-2", "平常", None]
    table = pa.table(
        {
            "lon": [117.005, 117.005, 117.005, 117.005, -5.0],
            "lat": [36.605] * 5,
            "text": pa.array(texts, pa.large_string()),
            "word": pa.array(texts).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "points.parquet")
    out = pd.read_csv(
        run(tmp_path / "points.parquet", "out.csv"), dtype="str", keep_default_na=False
    )
    assert out["lon"].tolist()[-1] == "-5"
    for name in ("text", "word"):
        assert [unguarded(cell) or None for cell in out[name]] == texts
        assert not out[name].str.strip().str.startswith(("=", "-")).any()


def test_parquet_coordinates_may_be_text_decimals_or_a_dictionary(run: Run, tmp_path: Path) -> None:
    text = pa.array(["117.005", "?"]).dictionary_encode()
    exact = pa.array([36.605, 36.605]).cast(pa.decimal128(9, 6), safe=False)
    pq.write_table(pa.table({"lon": text, "lat": exact}), tmp_path / "p.parquet")
    out = pq.read_table(run(tmp_path / "p.parquet", "out.parquet"))
    assert out["grid"].to_pylist() == ["007", None]
    pq.write_table(pa.table({"lon": pa.nulls(1), "lat": [1.0]}), tmp_path / "n.parquet")
    assert pq.read_table(run(tmp_path / "n.parquet", "n2.parquet"))["grid"].to_pylist() == [None]


def test_parquet_longer_than_a_batch_keeps_its_order(run: Run, tmp_path: Path) -> None:
    lon = np.linspace(116.99, 117.03, 300_001)
    pq.write_table(pa.table({"lon": lon, "lat": np.full(len(lon), 36.601)}), tmp_path / "p.parquet")
    out = pq.read_table(run(tmp_path / "p.parquet", "out.parquet")).to_pandas()
    assert (out["lon"].to_numpy() == lon).all()
    here = np.select(
        [(lon >= 117) & (lon <= 117.01), (lon > 117.01) & (lon <= 117.02)], ["007", "010"], ""
    )
    assert (out["grid"].fillna("").to_numpy() == here).all()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("x" * 200_000, PositionColumnsError, "found: x"),
        ("", TextTableError, "no header"),
        ("\n\n", TextTableError, "no header"),
        ("x,y\n1,2\n", PositionColumnsError, "found: x, y"),
        ("lon,LON,lat\n1,2,3\n", PositionColumnsError, "twice"),
        ("lon,lat\n1,2,3\n", TextTableError, "record 2 has 3 fields, the header 2"),
        ('lon,lat\n"1,2\n3,4\n', TextTableError, "a quote never closes"),
        ("lon,lat,Grid\n1,2,3\n", ColumnTakenError, "--column"),
    ],
)
def test_text_that_is_no_table_of_points_says_so(
    run: Run, tmp_path: Path, text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(typed(tmp_path, text))
    assert not (tmp_path / "out.csv").exists()
    assert not list(tmp_path.glob(".jingwei-*"))


@pytest.mark.parametrize("name", ["p.csv.gz", "p.parquet", "p.gpkg", "p.geojson", "p.xyz"])
def test_a_broken_file_is_refused_and_nothing_is_left(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises((FileUnreadableError, UnreadableFileError), match=name):
        run(tmp_path / name)
    assert not (tmp_path / "out.csv").exists()


def test_without_a_datum_degrees_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(DatumNotNamedError, match="--datum"):
        run(typed(tmp_path, TEXT), datum="")
    places().to_file(tmp_path / "p.gpkg")
    with pytest.raises(DatumNotNamedError):
        run(tmp_path / "p.gpkg", datum="")


NET = {
    "code": ["007", "010"],
    "Parent": ["C1", "=C2"],
    "households": pd.array([350, None], "Int64"),
    "notes": [["a"], None],
}
FOUND = ["--with", "parent", "--with", "households", "--with", "notes", "--outcome", "became"]


@pytest.mark.parametrize("form", ["csv", "parquet", "gpkg"])
def test_what_grids_say_goes_along_and_each_row_tells_what_became_of_it(
    tmp_path: Path, form: str
) -> None:
    shapes = [box(117, 36.6, 117.01, 36.61), box(117.01, 36.6, 117.02, 36.61)]
    gpd.GeoDataFrame(NET, geometry=shapes, crs=4326).to_parquet(tmp_path / "net.parquet")
    points, out = (
        typed(tmp_path, "lon,lat\n117.005,36.605\n117.015,36.605\n1,2\n?,2\n"),
        f"o.{form}",
    )
    pq.write_table(pa.table({"lon": [117.005, 117.015, 1, None], "lat": [36.605, 36.605, 2, 2]}),
                   tmp_path / "p.parquet")  # fmt: skip
    given = points if form == "csv" else tmp_path / "p.parquet"
    done = invoke(given, "--grids", tmp_path / "net.parquet", "--datum", "wgs84",
                  "--out", tmp_path / out, *FOUND)  # fmt: skip
    assert done.exit_code == 0, done.output
    if form == "csv":
        assert (tmp_path / out).read_text().splitlines() == [
            "lon,lat,grid,grid_parent,grid_households,grid_notes,became",
            "117.005,36.605,007,C1,350,['a'],owned",
            "117.015,36.605,010,'=C2,,,owned",
            "1,2,,,,,outside",
            "?,2,,,,,nowhere",
        ]
        return
    table = (
        pq.read_table(tmp_path / out)
        if form == "parquet"
        else pyogrio.read_arrow(tmp_path / out, read_geometry=False)[1]
    )
    assert table["grid_parent"].to_pylist() == ["C1", "=C2", None, None]
    assert table["grid_households"].to_pylist() == [350, None, None, None]
    assert table.schema.field("grid_parent").type == pa.string()
    assert table["became"].to_pylist() == ["owned", "owned", "outside", "nowhere"]


def test_a_column_that_grids_have_not_or_two_of_one_name_are_refused(
    run: Run, tmp_path: Path
) -> None:
    points = typed(tmp_path, "lon,lat\n117.005,36.605\n")
    with pytest.raises(GridColumnsError, match=r"'parent'.*--with"):
        run(points, "out.csv", "--with", "parent")
    with pytest.raises(GridColumnsError, match="no column ''"):
        run(points, "out.csv", "--with", "")
    with pytest.raises(ColumnTakenError):
        run(points, "out.csv", "--outcome", "Grid")


def test_another_name_may_be_given_to_the_column(run: Run, tmp_path: Path) -> None:
    out = run(typed(tmp_path, "lon,lat,grid\n117.005,36.605,x\n"), "o.csv", "--column", "wangge")
    assert out.read_text() == "lon,lat,grid,wangge\n117.005,36.605,x,007\n"


def test_the_input_is_never_written_over(run: Run, tmp_path: Path, grids: Path) -> None:
    points = typed(tmp_path, TEXT)
    with pytest.raises(SameFileError):
        run(points, "points.csv")
    (tmp_path / "link.csv").symlink_to(points)
    with pytest.raises(SameFileError):
        run(points, "link.csv")
    with pytest.raises(SameFileError):
        run(points, grids.name)
    assert points.read_bytes().decode() == TEXT


def test_an_output_of_unknown_form_or_place_is_refused(run: Run, tmp_path: Path) -> None:
    points = typed(tmp_path, TEXT)
    with pytest.raises(FormatUnknownError, match=r"\.gpkg"):
        run(points, "out.shp")
    with pytest.raises(FileNotWrittenError):
        run(points, "nowhere/out.csv")
    table = pa.table({"lon": [1.0], "lat": [1.0], "s": [{"a": 1}]})
    pq.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(FileNotWrittenError):
        run(tmp_path / "p.parquet", "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_an_older_output_stays_until_the_new_one_is_whole(run: Run, tmp_path: Path) -> None:
    old = run(typed(tmp_path, TEXT)).read_bytes()
    with pytest.raises(TextTableError):
        run(typed(tmp_path, TEXT + '"', "late.csv"))
    assert (tmp_path / "out.csv").read_bytes() == old


def test_layers_are_named_never_guessed(run: Run, tmp_path: Path, grids: Path) -> None:
    extra = gpd.GeoDataFrame({"code": ["020"]}, geometry=[box(117.9, 36, 119, 37)], crs=4326)
    extra.to_crs("EPSG:4548").to_file(grids, layer="more")
    points = typed(tmp_path, TEXT)
    with pytest.raises(LayerNotNamedError, match=r"grid, more.*--layer"):
        run(points)
    with pytest.raises(LayerNotNamedError, match="grid, more"):
        run(points, "o.csv", "--layer", "none")
    out = run(points, "o.csv", "--layer", "grid", "--layer", "more")
    assert pd.read_csv(out, dtype=str)["grid"].tolist() == ["007", "010", "s,1", "020"]
    places().to_file(tmp_path / "p.gpkg", layer="a")
    places().to_file(tmp_path / "p.gpkg", layer="b")
    with pytest.raises(LayerNotNamedError, match="--points-layer"):
        run(tmp_path / "p.gpkg", "o.gpkg", "--layer", "grid")
    named = run(tmp_path / "p.gpkg", "o.gpkg", "--layer", "grid", "--points-layer", "b")
    assert len(pyogrio.read_dataframe(named)) == 4


def test_when_no_row_finds_a_grid_the_likely_causes_are_named(grids: Path, tmp_path: Path) -> None:
    points = typed(tmp_path, "lon,lat\n1,2\n")
    result = invoke(points, "--grids", grids, "--datum", "wgs84", "--out", tmp_path / "o.csv")
    assert "--datum" in result.stderr


@pytest.mark.parametrize(
    ("text", "out", "message"),
    [
        ("a,lon,lat\nx\0y,1,2\n", "o.gpkg", "NUL"),
        ("a,a,lon,lat\nx,y,1,2\n", "o.parquet", "a × 2"),
        ("a,A,lon,lat\nx,y,1,2\n", "o.gpkg", "same name"),
    ],
)
def test_what_a_form_would_change_in_silence_is_refused(
    run: Run, tmp_path: Path, text: str, out: str, message: str
) -> None:
    with pytest.raises(FileNotWrittenError, match=message):
        run(typed(tmp_path, text), out)
    assert not (tmp_path / out).exists()


def test_columns_that_hold_no_numbers_and_names_that_are_none_are_refused(
    run: Run, tmp_path: Path, grids: Path
) -> None:
    pq.write_table(pa.table({"lon": [True], "lat": [1.0]}), tmp_path / "p.parquet")
    with pytest.raises(PositionColumnsError, match="no numbers in column lon; found: lon: bool"):
        run(tmp_path / "p.parquet", "o.parquet")
    points = typed(tmp_path, TEXT)
    words = ["--grids", grids, "--datum", "wgs84", "--out", tmp_path / "o.csv", "--column", " "]
    assert invoke(points, *words).exit_code == 2
