"""`jingwei account` tells who there is, and whose account is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app as commands
from api.residents.told import services_by_group
from geo.store.database import Store, transaction


def test_one_account_that_is_closed_closes_no_other(
    toy_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    monkeypatch.setenv("JINGWEI_HOME", str(tmp_path))

    def said(*words: str) -> str:
        return CliRunner().invoke(commands, ["account", *words], catch_exceptions=False).output

    for person in ("planner", "checker"):
        said("add", person)
    said("close", "checker")
    shown = {line.split(" · ")[0]: line for line in said("list").splitlines()}
    assert ("closed" in shown["checker"], "closed" in shown["planner"]) == (True, False)
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text("update party set parent = null where code = 'planner'"))
    assert "nan" not in said("people", "e")


def test_a_service_above_which_there_is_none_is_of_no_group(toy_store: Store) -> None:
    order = """insert into service (code, name, parent) values
        ('city', '城市管理', null), ('lamp', '路灯不亮', 'city'), ('other', '其他', null)"""
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text(order))
        groups = services_by_group(conn)
    assert groups["城市管理"] == [("lamp", "路灯不亮")]
    assert ("other", "其他") in groups[""]
    assert set(groups) <= {"城市管理", ""}
