"""A responsibility list from a file: looked up, kept under its numbers, tried before it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.duty_lists import faulty, list_table, rows_of_file
from api.files.lists import write_list
from geo.load import ReadOptions
from geo.responsibility import ListRow
from geo.store.database import Connection, Store, transaction
from geo.store.locating import located
from geo.store.net.duty_list import list_problems, read_list
from geo.store.net.people import read_duties
from geo.store.rules.list_keeping import Kept, keep_list
from geo.store.rules.list_trial import tried
from geo.store.rules.routing import route_of
from tests.store import toy
from tests.store.test_issues import at, received

CATALOGUE: Final = """
insert into party (code, kind, name, ended_on) values
    ('lamps', 'department', '历下区城管局', null), ('power', 'department', '供电公司', null),
    ('twin1', 'department', '市政所', null), ('twin2', 'department', '市政所', null),
    ('gone', 'department', '撤并的局', '2020-01-01');
insert into service (code, name) values ('lamp', '路灯不亮'), ('well', '井盖'), ('dog', '犬只');
"""
LIST: Final = """历下区属地管理责任清单,,,,,
事项,区域,牵头单位,配合单位,依据,有效期
路灯不亮,全区,区城管局,供电公司、龙洞街道办,照明条例第四条,长期
路灯不亮,甲社区、乙社区,供电公司,,,2026年1月1日起
井盖,龙洞街道,某局,,井盖办法,
犬只,某街道,区城管局,,,
井盖,乙社区,撤并的局,,,
犬只,甲社区,,区城管局,,
犬只,乙社区,市政所,,,
树木,甲社区,区城管局,,,
犬只,龙洞街道,区城管局,,,明年底
"""
DISTRICT: Final = "370102"


@pytest.fixture
def store(toy_store: Store) -> Store:
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(CATALOGUE)
    return toy_store


def rows_in(conn: Connection, file: Path, scope: str | None = DISTRICT) -> list[ListRow]:
    return rows_of_file(conn, file, ReadOptions(all_layers=True), scope=scope)[0]


def kept(store: Store, file: Path, *, whole: bool = False) -> Kept:
    with transaction(store.owner, "import") as conn:
        return keep_list(conn, rows_in(conn, file), scope=DISTRICT if whole else None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "清单.csv"
    path.write_text(LIST, "gbk")
    return path


def led(store: Store, service: str, column: float, row: float) -> tuple[str | None, list[str]]:
    with transaction(store.owner, "audit") as conn:
        where = at(column, row)
        found = route_of(conn, located(conn, where.lon, where.lat), service)
        return found.party, [fault for reason in found.reasons for fault in reason.faults]


def test_a_districts_own_list_is_read_its_names_looked_up_and_what_is_wrong_told(
    store: Store, file: Path
) -> None:
    with transaction(store.owner, "import") as conn:
        told = {
            row["line"]: [f["fault"] for f in row["faults"]] for row in faulty(rows_in(conn, file))
        }
    assert told == {
        1: ["party-unknown"],
        3: ["party-unknown"],
        4: ["area-unknown"],
        5: ["party-ended"],
        6: ["lead-missing"],
        7: ["party-ambiguous"],
        8: ["service-unknown"],
        9: ["period-unread"],
    }
    assert kept(store, file) == Kept(9, 0, 0, 0, ("dog", "lamp", "well", "树木"))
    assert kept(store, file)[:4] == (0, 0, 9, 0)
    assert led(store, "lamp", 0.5, 0.5) == ("power", [])
    assert led(store, "well", 2.5, 0.5)[1] == ["party-ended", "party-unknown"]
    with transaction(store.owner, "audit") as conn:
        assert len(list_problems(conn)) == 7
        first = read_list(conn).iloc[0]
    assert (first["lead_names"], first["assist_names"]) == ("历下区城管局", "供电公司、龙洞街道办")


def test_a_list_written_out_is_the_same_list_read_in_and_an_edited_row_keeps_its_number(
    store: Store, file: Path, tmp_path: Path
) -> None:
    kept(store, file)
    for name in ("out.xlsx", "out.csv"):
        with transaction(store.owner, "cli") as conn:
            table = list_table(conn, scope=DISTRICT)
        write_list(table, tmp_path / name, title="清单")
        assert kept(store, tmp_path / name, whole=True)[:4] == (0, 0, 9, 0)
    edited = table.assign(牵头单位=table["牵头单位"].where(table["行号"] != 2, "区城管局"))
    write_list(edited[edited["行号"] != 3], tmp_path / "edited.xlsx", title="清单")
    assert kept(store, tmp_path / "edited.xlsx", whole=True)[:4] == (0, 1, 7, 1)
    assert led(store, "lamp", 0.5, 0.5) == ("lamps", [])
    with transaction(store.owner, "audit") as conn:
        numbers = read_list(conn)["row_number"].tolist()
        former = conn.execute(text("select count(*) from duty where row_number = 2")).scalar_one()
    assert numbers == [1, 2, 4, 5, 6, 7, 8, 9]
    assert former == 2  # history is appended


def test_a_cell_that_lists_services_makes_a_row_of_each(store: Store, file: Path) -> None:
    file.write_text(
        "事项,区域,牵头单位\n路灯不亮、井盖、没有的,乙社区,区城管局\n甲、乙,乙社区,区城管局\n",
        "utf-8",
    )
    with transaction(store.owner, "import") as conn:
        rows = [(row.service, row.faults) for row in rows_in(conn, file)]
    unknown = ("service-unknown",)
    assert rows == [("lamp", ()), ("well", ()), ("没有的", unknown), ("甲、乙", unknown)]


def test_words_that_nobody_knows_are_those_of_one_list_alone(store: Store, file: Path) -> None:
    file.write_text("事项,区域,牵头单位\n犬只,某街道,区城管局\n", "utf-8")
    assert kept(store, file)[:4] == (1, 0, 0, 0)
    with transaction(store.owner, "import") as conn:
        other = rows_in(conn, file, toy.SUBDISTRICT)
        assert keep_list(conn, other)[:4] == (1, 0, 0, 0)  # another list's: neither's is changed
        assert keep_list(conn, other)[:4] == (0, 0, 1, 0)
    assert kept(store, file)[:4] == (0, 0, 1, 0)


def test_two_rows_that_lead_on_one_service_and_area_clash_until_one_is_mended(
    store: Store, file: Path
) -> None:
    file.write_text("事项,区域,牵头单位\n井盖,乙社区,区城管局\n井盖,乙社区,供电公司\n", "utf-8")
    kept(store, file)
    assert led(store, "well", 2.5, 0.5) == (f"leader-{toy.TWO}003", ["leads-clash"])
    file.write_text("事项,区域,牵头单位\n井盖,乙社区,区城管局\n", "utf-8")
    assert kept(store, file, whole=True)[:4] == (0, 0, 1, 1)
    assert led(store, "well", 2.5, 0.5) == ("lamps", [])


def test_a_row_holds_from_its_first_day_to_its_last_in_the_citys_own_time(
    store: Store, file: Path
) -> None:
    with transaction(store.owner, "audit") as conn:
        today = conn.execute(text("select current_date")).scalar_one()
        zone = conn.execute(text("show timezone")).scalar_one()
    assert zone == "Asia/Shanghai"
    tomorrow, yesterday = (today + pd.Timedelta(days=by) for by in (1, -1))
    for first, last, party in (
        (today, today, "lamps"),
        (tomorrow, "", f"leader-{toy.TWO}003"),
        ("", yesterday, f"leader-{toy.TWO}003"),
    ):
        text_ = f"事项,区域,牵头单位,有效期自,有效期至\n井盖,全区,区城管局,{first},{last}\n"
        file.write_text(text_, "utf-8")
        if last != yesterday:
            kept(store, file, whole=True)
            assert led(store, "well", 2.5, 0.5)[0] == party
            with transaction(store.owner, "audit") as conn:
                held = read_duties(conn)
            assert held.loc[held["service"] == "well", "party"].tolist() == ["lamps"] * (
                first == today
            )
    with transaction(store.owner, "audit") as conn:
        assert read_list(conn)["faults"].tolist() == [[]]


def test_a_list_is_tried_on_past_issues_and_nothing_is_written(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, (column, service) in enumerate(
        [(0.5, "lamp"), (0.6, "lamp"), (2.5, "lamp"), (2.5, "dog")]
    ):
        received(store, replace(at(column, 0.5, str(n)), service=service))
    file.write_text("事项,区域,牵头单位\n路灯不亮,甲社区,区城管局\n", "utf-8")
    kept(store, file)
    file.write_text("事项,区域,牵头单位\n路灯不亮,甲社区,供电公司\n路灯不亮,乙社区,某局\n", "utf-8")
    with transaction(store.owner, "cli") as conn:
        before = conn.execute(text("select count(*), max(id) from duty")).one()
        found = tried(conn, rows_in(conn, file), since=date(2000, 1, 1), until=date(2100, 1, 1))
        assert conn.execute(text("select count(*), max(id) from duty")).one() == before
    assert (found.kept[:4], found.issues) == ((1, 1, 0, 0), 3)
    assert found.moves[["before", "after", "n"]].to_numpy().tolist() == [["lamps", "power", 2]]
    assert len(found.moves["issues"].iloc[0]) == 2
    assert found.problems["faults"].tolist() == [["party-unknown"]]
    assert found.attention == 1, "goes to whom it did, but by no rule"
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    words = ["list", "try", str(file), "--scope", DISTRICT, "--since", "2000-01-01"]
    words += ["--until", "2100-01-01"]
    said = CliRunner().invoke(app, words).output
    assert "单位不认识" in said
    assert "不再自动派出 1 件" in said
    assert led(store, "lamp", 0.5, 0.5) == ("lamps", [])
