"""Tables of text: encodings, delimiters, ragged rows, positions in every form."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.errors import (
    EmptyFileError,
    UnknownColumnError,
    UnreadableFileError,
    UnsupportedFileError,
)
from geo.load.parquet import demand_small
from tests.load.made import alarms, found, grids, one, rows_of
from tests.load.measured import told

TEXT = "编码,名称,户数,经度,纬度\nb1,一号楼,12,117.01,36.61\nb2,二号楼,24,117.02,36.62\n"


def places(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gb18030", "encoding-gb18030"),
        ("utf-16", "encoding-utf16"),
        ("utf-16-le", "encoding-utf16"),
    ],
)
def test_chinese_csv_is_read_in_every_encoding(tmp_path: Path, encoding: str, said: str) -> None:
    loaded = one(places(tmp_path / "a.csv", TEXT.encode(encoding)), "places")
    assert loaded.frame["name"].tolist() == ["一号楼", "二号楼"]
    assert loaded.frame["households"].tolist() == [12, 24]
    assert alarms(loaded) == []
    assert found(loaded)[said] == (1 if said else 0)


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", "，"])
def test_other_delimiters_are_seen(tmp_path: Path, delimiter: str) -> None:
    loaded = one(places(tmp_path / "a.csv", TEXT.replace(",", delimiter)), "places")
    assert loaded.report.used == 2
    assert alarms(loaded) == []


def test_a_gzipped_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode("gb18030")))
    loaded = one(path, "places")
    assert loaded.report.layer == "a"
    assert loaded.report.used == 2


def test_a_row_with_too_many_fields_is_set_aside_and_one_with_too_few_is_kept(
    tmp_path: Path,
) -> None:
    rows = (
        "code,name,lon,lat,address\n"
        "a,甲,117.01,36.61,x,y,z\nb,乙,117.02,36.62\nc,丙,117.03,36.63,z\n"
    )
    loaded = one(places(tmp_path / "a.csv", rows), "places")
    assert rows_of(loaded, "row-ragged") == [1]
    assert loaded.frame.index.tolist() == [2, 3]
    assert loaded.report.read == 3
    assert loaded.quarantined["row"].tolist() == [1]


def test_a_quote_left_open_is_an_error_not_lost_rows(tmp_path: Path) -> None:
    rows = "\n".join(f"b{n},x,117.0{n},36.6" for n in range(1, 60))
    text = f'code,name,lon,lat\na,"open,117.1,36.6\n{rows}\n'
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert [f.code for f in loaded.report.errors] == ["quote-open"]
    few = 'reference,text,lon,lat\na,"open,117.1,36.6\nb,x,117.1,36.6\nc,"y",117.1,36.6\n'
    both = 'reference,text,lon,lat\na,"open,117.1,36.6\nb,"y",117.1,36.6\nc,z,117.1,36.6\n'
    for text in (few, few.replace('"y"', "y"), both):
        loaded = one(places(tmp_path / "b.csv", text), "issues", source="web")
        assert [f.code for f in loaded.report.errors] == ["quote-open"], text
    fine = 'reference,text,lon,lat\na,"first\nb, x, y, z\nsecond",117.1,36.6\n'
    fine += 'b,"he said\na, ""no""",117.1,36.6\n'
    assert alarms(one(places(tmp_path / "c.csv", fine), "issues", source="web")) == []


def test_nul_characters_are_removed_and_said(tmp_path: Path) -> None:
    text = "code,name,lon,lat\na,x\x00y,117.01,36.61\nb,z,117.02,36.62\n"
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.frame["name"].tolist() == ["xy", "z"]
    (said,) = [f for f in loaded.report.findings if f.code == "controls-removed"]
    assert (said.rows, said.before, said.after) == ((1,), "x\\u0000y", "xy")
    assert said.to_json()["changes"] == {"1": ["x\\u0000y", "xy"]}


def test_bytes_that_fit_no_encoding_are_said_by_row(tmp_path: Path) -> None:
    data = TEXT.encode() + "b3,三号".encode() + b"\xff" + b",9,117.03,36.63\n"
    loaded = one(places(tmp_path / "a.csv", data), "places")
    assert rows_of(loaded, "text-damaged") == [3]
    assert found(loaded)["encoding-gb18030"] == 0
    assert loaded.report.used == 3
    lone = TEXT.encode() + "b3,三号".encode() + b"\xed\xa0\x80,9,117.03,36.63\n"
    loaded = one(places(tmp_path / "b.csv", lone), "places")
    assert rows_of(loaded, "text-damaged") == [3], (
        "half of a surrogate pair, as some programs write"
    )


def test_titles_above_the_heading_and_totals_below_are_no_data(tmp_path: Path) -> None:
    text = f"历下区楼栋台账,,,,\n2026年11月,,,,\n{TEXT}合计,,36,,\n备注：户数为估计,,,,\n"
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.report.used == 2
    assert {"header-found", "totals-dropped", "notes-dropped"} <= set(found(loaded))
    assert alarms(loaded) == []


def test_leading_zeros_and_full_width_digits_survive(tmp_path: Path) -> None:
    text = "编码,经度,纬度\n007,117.01,36.61\n３７０１,117.02,36.62\n370102001001.0,117.03,36.63\n"
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.frame["code"].tolist() == ["007", "3701", "370102001001"]
    assert rows_of(loaded, "code-cleaned") == [2, 3]


def test_a_code_cut_to_scientific_notation_is_set_aside(tmp_path: Path) -> None:
    codes = ("3.70102E+11", "3.70102001001E+11", "5E12")  # the last is a door, not a number
    rows = "".join(f"{code},117.01,36.6{n}\n" for n, code in enumerate(codes))
    loaded = one(places(tmp_path / "a.csv", f"编码,经度,纬度\n{rows}"), "places")
    assert rows_of(loaded, "code-cut") == [1]
    assert loaded.frame["code"].tolist() == ["370102001001", "5E12"]


def test_one_column_of_both_coordinates_is_split(tmp_path: Path) -> None:
    text = 'code,坐标\na,"117.01,36.61"\nb,"(117.02, 36.62)"\nc,不详\n'
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.frame.geometry.x.tolist() == [117.01, 117.02]
    assert rows_of(loaded, "location-unreadable") == [3]
    sixtieths = 'code,坐标\na,"117°02′24″E，36°40′12″N"\n'
    assert rows_of(one(places(tmp_path / "c.csv", sixtieths), "places"), "point-dms") == [1]
    american = 'id,Location\n1,"(34.07, -118.26)"\n'
    assert one(places(tmp_path / "b.csv", american), "places").frame.geometry.y.tolist() == [34.07]


def test_coordinates_in_an_unclear_order_are_asked_about(tmp_path: Path) -> None:
    path = places(tmp_path / "a.csv", 'code,location\na,"24.9,60.1"\n')
    assert [q.code for q in one(path, "places").questions] == ["location-order"]
    frame = one(path, "places", accept=frozenset({"location-lonlat"})).frame
    assert frame.geometry.x.tolist() == [24.9]


def test_wkt_is_a_geometry(tmp_path: Path) -> None:
    frame = pd.DataFrame(grids().to_wkt())
    frame.loc[2, "geometry"] = "POLYGON ((117 36"
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    loaded = one(path)
    assert loaded.report.used == 2
    assert rows_of(loaded, "wkt-unreadable") == [3]


def test_metres_in_a_table_are_guessed_and_asked(tmp_path: Path) -> None:
    text = "code,x,y\na,500123.4,4050321.1\nb,500223.4,4050321.1\n"
    loaded = one(places(tmp_path / "a.csv", text), "places", datum=None)
    assert [q.answer for q in loaded.questions] == ["--crs EPSG:4548"]
    assert loaded.frame.geometry.x.tolist() == pytest.approx([117.0014, 117.0025], abs=1e-3)


def test_positions_in_other_notations_are_read_and_said(tmp_path: Path) -> None:
    text = "code;lon;lat\na;117,0411;36,6713\nb;'117.05;３６。６８\n"
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.frame.geometry.x.tolist() == [117.0411, 117.05]
    assert loaded.frame.geometry.y.tolist() == [36.6713, 36.68]
    assert rows_of(loaded, "position-text") == [1, 2]
    metres = 'code,x,y\na,"503,674.07","4,060,034.42"\n'
    loaded = one(places(tmp_path / "b.csv", metres), "places", crs="EPSG:4548")
    assert loaded.frame.geometry.x.tolist() == pytest.approx([117.0411], abs=1e-4)


@pytest.mark.parametrize("crs", [None, "EPSG:4548"])
def test_a_surveyors_northing_in_x_is_asked_about(tmp_path: Path, crs: str | None) -> None:
    text = "code,X,Y\na,4060034.42,503674.07\nb,4060178.73,503772.34\n"
    path = places(tmp_path / "a.csv", text)
    loaded = one(path, "places", crs=crs)
    assert loaded.questions[-1].code == "axes-swapped"
    assert loaded.frame.empty
    loaded = one(path, "places", crs="EPSG:4548", accept=frozenset({"axes"}))
    assert loaded.frame.geometry.x.tolist() == pytest.approx([117.0411, 117.0422], abs=1e-4)
    assert (loaded.questions, rows_of(loaded, "axes-swapped")) == ((), [1, 2])


def test_wkt_names_its_system_or_lies_in_degrees(tmp_path: Path) -> None:
    path = places(tmp_path / "a.csv", "code,wkt\na,SRID=4548;POINT (503674.07 4060034.42)\n")
    loaded = one(path, "places")
    assert (loaded.report.crs, alarms(loaded)) == ("EPSG:4548", [])
    loaded = one(places(path, "code,wkt\na,POINT (117.01 36.61)\n"), "places")
    assert (loaded.report.crs_known, alarms(loaded)) == ("assumed", [])


def test_a_table_whose_every_row_is_too_wide_is_one_error(tmp_path: Path) -> None:
    loaded = one(
        places(tmp_path / "a.csv", "code,坐标\na,117.01,36.61\nb,117.02,36.62\n"), "places"
    )
    assert [f.code for f in loaded.report.errors] == ["table-ragged"]


def test_a_list_in_json_is_refused_with_what_to_export(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFileError, match="FeatureCollection"):
        one(places(tmp_path / "a.json", '[{"code": "a", "lon": 117.0, "lat": 36.6}]'), "places")


def test_columns_named_on_the_command_line_win(tmp_path: Path) -> None:
    path = places(tmp_path / "a.csv", "编码,别名,经度,纬度\na,甲,117.01,36.61\n")
    loaded = one(path, "places", columns={"code": "别名"})
    assert loaded.frame["code"].tolist() == ["甲"]
    with pytest.raises(UnknownColumnError, match="编码, 别名"):
        one(path, "places", columns={"code": "没有"})
    with pytest.raises(UnknownColumnError, match="kode"):
        one(path, "places", columns={"kode": "别名"})


def test_a_table_without_positions_says_which_columns_it_has(tmp_path: Path) -> None:
    loaded = one(places(tmp_path / "a.csv", "编码,甲,乙\na,1,2\n"), "places")
    (error,) = loaded.report.errors
    assert error.code == "no-geometry"
    assert "编码、甲、乙" in error.zh


def test_impossible_and_unreadable_counts_are_set_aside(tmp_path: Path) -> None:
    text = "code,户数,lon,lat\na,约350户,117.01,36.61\nb,-5,117.02,36.62\nc,很多,117.03,36.63\n"
    loaded = one(places(tmp_path / "a.csv", text), "places")
    assert loaded.frame["households"].tolist() == [350]
    assert rows_of(loaded, "number-impossible") == [2]
    assert rows_of(loaded, "number-unreadable") == [3]
    (read,) = [f for f in loaded.report.findings if f.code == "number-read"]
    assert (read.before, read.after) == ("约350户", "350")


@pytest.mark.parametrize("data", [b"", b"code,lon,lat\n", b"\n\n", b"\xef\xbb\xbf"])
def test_a_table_without_rows_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        one(places(tmp_path / "a.csv", data), "places")


def test_parquet_is_read_with_and_without_its_metadata(tmp_path: Path) -> None:
    grids().to_crs("EPSG:4548").to_parquet(tmp_path / "geo.parquet")
    loaded = one(tmp_path / "geo.parquet", datum=None)
    assert (loaded.report.crs, loaded.report.used, alarms(loaded)) == ("EPSG:4548", 3, [])
    plain = pd.DataFrame({"code": ["a"], "lon": [117.01], "lat": [36.61]})
    plain.to_parquet(tmp_path / "plain.parquet")
    assert one(tmp_path / "plain.parquet", "places").report.used == 1
    pd.DataFrame(grids().to_wkb()).to_parquet(tmp_path / "bare.parquet")
    assert [q.code for q in one(tmp_path / "bare.parquet").questions] == ["crs-guessed"]


def test_parquet_of_lists_structures_and_bytes_is_read_as_text(tmp_path: Path) -> None:
    points = {"lon": [117.01, 117.02], "lat": [36.61, 36.62]}
    columns = {
        "list": {"text": pa.array([["甲", "乙"], None])},
        "nested": {"text": pa.array([{"a": "甲"}, {"a": None}])},
        "bytes": {"text": pa.array(["甲".encode(), b"\xff\xfe"])},
        "spots": {"text": pa.array(["甲", "乙"]), "lon": pa.array([[117.01], [117.02]])},
    }
    told = {}
    for name, more in columns.items():
        pq.write_table(pa.table({"reference": ["1", "2"], **points, **more}), tmp_path / name)
        told[name] = one(tmp_path / name, "issues", source="web")
    assert {name: list(each.frame["text"]) for name, each in told.items()} == {
        "list": ['["甲", "乙"]', ""],
        "nested": ['{"a": "甲"}', '{"a": null}'],
        "bytes": ["甲", "\ufffd\ufffd"],
        "spots": ["甲", "乙"],
    }
    assert rows_of(told["bytes"], "text-damaged") == [2]
    assert rows_of(told["spots"], "point-unreadable") == [1, 2]
    twice = pa.table([pa.array(["1"])] * 2, names=["text", "text"])
    pq.write_table(twice, tmp_path / "twice")
    with pytest.raises(UnreadableFileError, match="several columns are called 'text'"):
        one(tmp_path / "twice", "issues", source="web")


def test_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    grids().to_parquet(buffer)
    path = places(tmp_path / "a.parquet", buffer.getvalue()[:-50])
    with pytest.raises(UnreadableFileError):
        one(path)


@pytest.mark.parametrize(
    "described",
    [
        b"[" * 99_999,
        b"\xff\xfe",
        b'{"primary_column": [1], "columns": []}',
        b'{"primary_column": "geometry", "columns": {"geometry": []}}',
        b'{"primary_column": "geometry", "columns": {"geometry": {"encoding": 7, "crs": 7}}}',
        b'{"primary_column": "geometry", "columns": {"geometry": {"encoding": "point"}}}',
    ],
)
def test_what_is_no_description_of_shapes_in_parquet_is_a_question_or_a_sentence(
    tmp_path: Path, described: bytes
) -> None:
    grids().to_parquet(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet").replace_schema_metadata({b"geo": described})
    pq.write_table(table, tmp_path / "a.parquet")
    said = told(tmp_path / "a.parquet", "areas")
    assert "crs-guessed" in said or "图形读不出来" in said


def test_words_that_come_again_and_again_in_parquet_are_no_bomb(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"code": range(60_000), "name": "济南市历下区" * 30, "lon": 117.0, "lat": 36.6}
    )
    rows.to_parquet(tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < len(rows) * 20
    demand_small(tmp_path / "a.parquet", "a.parquet")


def test_footprints_in_parquet_are_kept(tmp_path: Path) -> None:
    frame = grids(kind="building")
    frame = gpd.GeoDataFrame(frame.assign(footprint=frame.geometry), crs="EPSG:4326")
    frame["geometry"] = frame.geometry.representative_point()
    frame.set_geometry("footprint", crs="EPSG:4326").set_geometry("geometry").to_parquet(
        tmp_path / "a.parquet"
    )
    loaded = one(tmp_path / "a.parquet", "places")
    assert loaded.frame["footprint"].geom_type.tolist() == ["Polygon"] * 3
