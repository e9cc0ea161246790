"""Columns and cells: synonyms, lists of words, required values, repeated keys, rows written out."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import UnknownChoiceError
from geo.load.columns import chosen
from geo.load.exports import write
from geo.load.findings import FINDINGS
from tests.load.made import alarms, found, grids, one, rows_of

TICKETS = (
    "工单编号,诉求来源,诉求类别,诉求内容,受理时间,定位精度,经度,纬度\n"
    "g1,12345热线,噪音,夜里施工,2026年11月23日 下午2点05分,20,117.01,36.61\n"
    "g1,微信,噪音,同一编号,2026-11-23 14:05,x,117.01,36.62\n"
    "g2,飞鸽,噪音,不认识的来源,2026-11-23 14:05,5,117.01,36.63\n"
    ",微信,噪音,没有编号,昨天,5,117.01,36.64\n"
    "g1,微信,噪音,重复,2026-11-23 14:05,5,,\n"
)


def tickets(folder: Path) -> Path:
    (folder / "a.csv").write_text(TICKETS, encoding="utf-8")
    return folder / "a.csv"


def test_tickets_with_chinese_headings_are_read_and_each_loss_is_said(tmp_path: Path) -> None:
    loaded = one(tickets(tmp_path), "issues")
    assert loaded.frame["source"].tolist() == ["hotline", "wechat"]
    assert rows_of(loaded, "value-unknown") == [3]
    assert rows_of(loaded, "value-missing") == [4]
    assert rows_of(loaded, "key-repeated") == [5]
    assert rows_of(loaded, "number-blanked") == [2]
    assert rows_of(loaded, "time-unreadable") == [4]
    assert loaded.frame["reported_at"].dt.strftime("%H:%M").tolist() == ["06:05", "06:05"]
    assert loaded.quarantined["row"].tolist() == [3, 4, 5]


@pytest.mark.parametrize("heading", ["事项分类", "诉求分类", "问题类型"])
def test_what_hotlines_call_the_service_is_the_service(tmp_path: Path, heading: str) -> None:
    (tmp_path / "a.csv").write_text(TICKETS.replace("诉求类别", heading), encoding="utf-8")
    assert one(tmp_path / "a.csv", "issues").frame["service"].tolist() == ["噪音"] * 2


@pytest.mark.parametrize(
    ("headings", "taken"),
    [
        (
            "热线编号 诉求标题 诉求详情 诉求地址 来电日期 办理时限",
            "reference - text address reported_at due_at",
        ),
        (
            "工单编码 标题 具体内容 发生地址 受理日期 处置截止时间",
            "reference - text address reported_at due_at",
        ),
        ("工单编号 办结日期 办理期限", "reference - due_at"),
        ("工单编号 受理时间 限办日期", "reference reported_at due_at"),
        ("流水号 诉求类型 大类 小类 内容摘要 地址描述", "reference - - service text address"),
        ("受理单号 一级分类 二级分类 三级分类 市民电话", "reference - - service reporter"),
        ("编号 类型说明 二级分类 标题 事发街道", "reference - service text subdistrict"),
    ],
)
def test_of_a_hotlines_columns_the_fullest_is_taken(headings: str, taken: str) -> None:
    names = headings.split()
    pairs = chosen(pd.DataFrame({name: ["x"] for name in names}), "issues", {})
    found = {name: column for column, name in pairs.items()}
    assert [found.get(name, "-") for name in names] == taken.split()


def test_parties_duties_and_services_are_plain_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("人员编号,姓名,类型\np1,王晓东,person\n", encoding="utf-8")
    assert one(path, "parties").frame["code"].tolist() == ["p1"]
    path.write_text("人员编号,角色,网格编码,是否专职\np1,网格员,g1,兼职\n", encoding="utf-8")
    duty = one(path, "duties").frame.iloc[0]
    assert (duty["role"], duty["full_time"]) == ("grid_worker", False)
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    (error,) = one(path, "services").report.errors
    assert "甲、乙" in error.zh
    assert "--column code=" in error.answer


def test_kinds_roles_and_nets_of_people_are_words_of_our_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,类型,姓名,电话\np1,人员,甲,1\np2,志愿者,乙,2\n", encoding="utf-8")
    loaded = one(path, "parties")
    assert loaded.frame["kind"].tolist() == ["person", "志愿者"]
    assert [f.zh for f in loaded.report.findings if f.code == "columns-unused"] == [
        "没有用到的列：电话。"
    ]
    path.write_text("编号,姓名\np1,甲\n", encoding="utf-8")
    assert [q.code for q in one(path, "parties").questions] == ["party-kind-unknown"]
    assert one(path, "parties", kind="person").frame["kind"].tolist() == ["person"]
    path.write_text(
        "编码,名称,类型,默认岗位\na,漏水,投诉,网格员\nb,x,投诉,厨师\n", encoding="utf-8"
    )
    loaded = one(path, "services")
    assert loaded.frame.iloc[0][["kind", "default_role"]].tolist() == ["complaint", "grid_worker"]
    assert rows_of(loaded, "value-unknown") == [2]


def test_duties_get_the_net_of_their_area_and_unknown_areas_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "p1,网格员,370102001001001\np2,街巷长,L1\np3,网格员,370102001001009\n"
    path.write_text(f"人员编号,角色,网格编码\n{rows}", encoding="utf-8")
    assert [q.code for q in one(path, "duties").questions] == ["net-unknown"]
    known = grids(code=["370102001001001", "L1", "L2"], net=["grid", "lane", "lane"])
    loaded = one(path, "duties", known=known)
    assert loaded.frame["net"].tolist() == ["grid", "lane", "grid"]
    assert rows_of(loaded, "area-not-known") == [3]
    path.write_text("人员编号,角色,网,网格编码\np1,网格员,gird,1\n", encoding="utf-8")
    assert rows_of(one(path, "duties"), "value-unknown") == [1]


def test_a_heading_that_names_a_datum_is_said_and_held_against_another(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,lng_gcj02,lat_gcj02\na,117.021234,36.651234\n", encoding="utf-8")
    assert alarms(one(path, "places", datum="gcj02")) == []
    assert [q.answer for q in one(path, "places", datum="wgs84").questions] == [
        "--datum gcj02 / --accept datum"
    ]
    assert alarms(one(path, "places", datum="wgs84", accept=frozenset({"datum"}))) == []


def test_what_people_wrote_is_kept_as_it_is_and_repeats_say_if_they_differ(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    wrote = "  前 空\n格 😀𠮷 =cmd|x  "
    path.write_text(f'reference,text\na,"{wrote}"\na,b\na,"{wrote}"\n', encoding="utf-8")
    loaded = one(path, "issues", source="web")
    assert loaded.frame["text"].tolist() == [wrote]
    said = [f.en for f in loaded.report.findings if f.code == "key-repeated"]
    assert ["other content (text)" in en for en in said] == [True, False]


def test_times_that_were_never_meant_are_blank_and_counts_of_seconds_are_times(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    typed = (
        "1762128000",
        "1762128000000",
        "２０２６年１１月３日",
        "9999-12-31",
        "0001-01-01",
        "1762",
    )
    rows = "".join(f"r{n},{cell}\n" for n, cell in enumerate(typed))
    path.write_text(f"reference,reported_at\n{rows}", encoding="utf-8")
    loaded = one(path, "issues", source="web")
    shown = loaded.frame["reported_at"].dropna().dt.strftime("%Y-%m-%d %H").tolist()
    assert shown == ["2025-11-03 00", "2025-11-03 00", "2026-11-02 16"]
    assert rows_of(loaded, "time-unreadable") == [4, 5, 6]


def test_what_is_due_on_a_day_is_due_by_its_end_and_what_names_a_time_by_that(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    typed = ("2026.12.04", "2026年12月4日", "2026-12-04 17:30", "2026-12-03T16:00:00Z")
    rows = "".join(f"r{n},{cell},{cell}\n" for n, cell in enumerate(typed))
    path.write_text(f"reference,due_at,reported_at\n{rows}", encoding="utf-8")
    loaded = one(path, "issues", source="web")
    due, told = (
        loaded.frame[name].dt.tz_convert("Asia/Shanghai").dt.strftime("%d %H:%M:%S").tolist()
        for name in ("due_at", "reported_at")
    )
    assert due == ["04 23:59:59", "04 23:59:59", "04 17:30:00", "04 00:00:00"]
    assert told == ["04 00:00:00", "04 00:00:00", "04 17:30:00", "04 00:00:00"]
    assert rows_of(loaded, "due-by-day") == [1, 2]


def test_words_of_a_list_are_understood_and_others_do_not_count_as_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    grids(kind=["网格", "社区", "怪"], special=["是", "否", "否"]).to_file(path)
    loaded = one(path, kind=None)
    assert loaded.frame["kind"].tolist() == ["grid", "community"]
    assert loaded.frame["special"].tolist() == [True, False]
    assert rows_of(loaded, "value-unknown") == [3]
    grids(类型=["住宅", "商业", "其他"]).to_file(path)
    assert alarms(one(path, kind="grid")) == []


def test_kinds_come_from_the_digits_of_codes_or_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    grids().to_file(path)
    loaded = one(path, kind=None)
    assert loaded.frame["net"].tolist() == ["grid"] * 3
    assert found(loaded)["kind-assumed"] == 1
    grids(code=["a", "b", "c"]).to_file(path)
    assert [q.code for q in one(path, kind=None).questions] == ["kind-unknown"]
    assert one(path, kind=None, net="dept-fire").frame["kind"].tolist() == ["grid"] * 3


def test_made_codes_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    plain = grids().drop(columns=["code"])
    plain.to_file(tmp_path / "a.gpkg")
    plain.iloc[::-1].to_file(tmp_path / "b.gpkg")
    first, second = (one(tmp_path / n).frame["code"] for n in ("a.gpkg", "b.gpkg"))
    assert set(first) == set(second)


def test_times_with_a_zone_a_serial_day_and_the_european_order_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "a,2026-11-23T08:00:00Z\nb,45000.5\nc,25/12/2025 10:30\nd,20261123140500\n"
    path.write_text(f"reference,reported_at\n{rows}", encoding="utf-8")
    loaded = one(path, "issues", timezone="UTC", source="web")
    shown = loaded.frame["reported_at"].dt.strftime("%Y-%m-%d %H:%M").tolist()
    expected = ["2026-11-23 08:00", "2023-03-15 12:00", "2025-12-25 10:30", "2026-11-23 14:05"]
    assert shown == expected
    assert loaded.frame.geometry.isna().all()


def test_what_only_the_title_says_is_what_the_issue_says(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "a,路灯,楼下路灯不亮\nb,井盖丢失, \nc,,\n"
    path.write_text(f"工单编号,诉求标题,诉求内容\n{rows}", encoding="utf-8")
    loaded = one(path, "issues", source="hotline")
    assert loaded.frame["text"].fillna("").tolist() == ["楼下路灯不亮", "井盖丢失", ""]
    assert rows_of(loaded, "text-elsewhere") == [2]


def test_a_serial_day_as_text_is_the_moment_that_its_workbook_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("工单编号,受理时间\na,46353.4\nb,46360.729166667\n", encoding="utf-8")
    loaded = one(path, "issues", timezone="Asia/Shanghai", source="hotline")
    shown = loaded.frame["reported_at"].dt.strftime("%Y-%m-%d %H:%M:%S.%f").tolist()
    assert shown == ["2026-11-27 01:36:00.000000", "2026-12-04 09:30:00.000000"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".geojson", ".fgb", ""])
def test_cleaned_rows_are_written_in_every_format(tmp_path: Path, suffix: str) -> None:
    assert write(grids(), tmp_path / f"a{suffix}", "grid") == ()
    target = tmp_path / f"a{suffix or '.gpkg'}"
    if suffix == ".csv":
        assert shapely.from_wkt(pd.read_csv(target)["geometry"]).size == 3
    elif suffix != ".parquet":
        assert len(gpd.read_file(target)) == 3
    with pytest.raises(UnknownChoiceError, match="dwg"):
        write(grids(), tmp_path / "a.dwg", "grid")


def test_every_slug_is_said_once_in_two_languages() -> None:
    codes = [kind.code for kind in FINDINGS]
    assert len(codes) == len(set(codes))
    assert all(kind.zh and kind.en for kind in FINDINGS)
    assert all(kind.answer for kind in FINDINGS if kind.severity == "question")
    assert [kind.code for kind in FINDINGS if "--" in kind.zh + kind.en] == [], "pages say them too"
