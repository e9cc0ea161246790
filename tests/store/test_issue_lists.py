"""Issues go to a file and come back as the same; the list shows what its reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.files import lists
from geo.issues import Issue
from geo.load import ReadOptions
from geo.load import read as read_file
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.issues import receive
from tests.api.conftest import HERE
from tests.store import toy

RUNNER = CliRunner(env={"COLUMNS": "160"})
HOSTILE = (
    '=HYPERLINK("http://x")', "'=1", "＠SUM(1)", "-5", '多行\r\n第二行，有逗号"引号"', "_x000D_",
    " 前后有空格 ", "#N/A",
)  # fmt: skip


@pytest.fixture
def store(toy_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    with transaction(toy_store.owner, "dispatcher") as conn:
        for number, text in enumerate(HOSTILE):
            column = 0.5 if number % 2 else 2.5  # in turns in community 1 and 2
            (point,) = toy.points((column, 0.5))
            receive(
                conn,
                Issue(
                    source="hotline" if number else "patrol",
                    reference=f"N-{number}",
                    text=text,
                    address="=1+1",
                    lon=point.x,
                    lat=point.y,
                    reported_at=datetime(2026, 11, 1 + number, 16, tzinfo=UTC),
                ),
            )
        receive(conn, Issue(source="web", reference="W-1", text="没有位置"))
    return toy_store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store, person="dispatcher"), client=HERE) as made:
        yield made


def run(*words: object) -> str:
    result = RUNNER.invoke(app, ["issue", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_written_is_read_back_as_the_same_issues(
    store: Store, client: TestClient, tmp_path: Path, form: str
) -> None:
    answer = client.get(f"/api/issues.{form}")
    assert answer.headers["content-disposition"].endswith(f'issues.{form}"')
    path = tmp_path / f"a.{form}"
    path.write_bytes(answer.content)
    (layer,) = read_file(path, "issues", ReadOptions(datum="wgs84"))
    with transaction(store.owner, "x") as conn:
        done = imports.commit_issues(conn, layer.frame, imports.open_batch(conn, "issues"))
    assert (done.new, done.same, done.conflicts) == (0, len(HOSTILE) + 1, ())


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, {*range(len(HOSTILE)), "W-1"}),
        ({"scope": toy.ONE}, {1, 3, 5, 7}),
        ({"scope": ""}, {"W-1"}),
        ({"source": "patrol"}, {0}),
        ({"state": "closed"}, set()),
        # 16:00 UTC is midnight in the city: the day after.
        ({"since": "2026-11-03", "until": "2026-11-04"}, {1, 2}),
        ({"service": "none"}, set()),
    ],
)
def test_the_list_is_filtered(client: TestClient, asked: dict[str, str], numbers: set[Any]) -> None:
    rows = client.get("/api/issues.csv", params=asked).content.decode("utf-8-sig")
    expected = {n if isinstance(n, str) else f"N-{n}" for n in numbers}
    assert {row.split(",")[0] for row in rows.splitlines()[1:] if "-" in row[:2]} == expected


def test_the_list_shows_what_its_reader_may_see(store: Store) -> None:
    with TestClient(create_app(store, person="leader"), client=HERE) as leader:
        rows = leader.get("/api/issues.csv").text.splitlines()
    assert {row.split(",")[0] for row in rows[1:] if row.startswith("N-")} == {
        "N-0", "N-2", "N-4", "N-6",
    }  # fmt: skip
    assert "N-0" in run("list", "--as", "leader")
    assert "N-1" not in run("list", "--as", "leader")
    assert "N-1" in run("list")


def test_days_in_the_wrong_order_and_too_many_rows_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = client.get("/api/issues.csv", params={"since": "2026-11-02", "until": "2026-11-01"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "BadPeriod")
    monkeypatch.setitem(lists.MOST_ROWS, ".xlsx", 3)
    many = client.get("/api/issues.xlsx")
    assert (many.status_code, many.json()["code"]) == (422, "FileNotWritten")
    assert client.get("/api/issues.pdf").status_code == 422


def test_a_list_is_written_and_an_issue_handed_in_by_command(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINGWEI_REPORTER_SECRET", "secret")
    out = tmp_path / "诉求.xlsx"
    assert "9 件" in run("list", "--out", out)
    assert out.stat().st_size > 1000
    told = ("new", "--source", "web", "--reference", "W-2", "--contact", "13805310000",
            "--lon", 117.005, "--lat", 36.605, "--datum", "wgs84", "--text", "-1")  # fmt: skip
    assert "--commit" in run(*told)
    assert "W-2" not in run("list")
    assert toy.ONE in run(*told, "--commit")
    assert "早已受理" in run(*told, "--commit")
    with transaction(store.owner, "x") as conn:
        asked = "select count(*), max(reporter) from issue where reference = 'W-2'"
        count, reporter = conn.exec_driver_sql(asked).one()
    assert (count, len(reporter)) == (1, 32)
