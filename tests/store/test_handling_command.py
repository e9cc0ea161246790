"""Issues from the command line, from a whistle to its reviews; photos, tasks, rates, days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import geopandas as gpd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from geo.crs import Datum, from_wgs84
from geo.errors import BadOptionError, MissingError, StepRefusedError, StepsRefusedError
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.handling import look
from tests.photographed import exif, jpeg
from tests.store import toy
from tests.store.test_handling import LEADER
from tests.store.test_issues import at, received

RUNNER = CliRunner(env={"COLUMNS": "200"})
(SPOT,) = toy.points((2.5, 0.5))


@pytest.fixture
def store(toy_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    # The command gives its connections back at the end; engines open new ones when asked again.
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    monkeypatch.setenv("JINGWEI_HOME", str(tmp_path / "home"))
    return toy_store


def run(*words: object) -> Any:
    result = RUNNER.invoke(app, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def stepped(number: int | str, who: str, step: str, *words: object) -> str:
    return str(run("issue", "step", number, step, "--as", who, *words, "--commit"))


@pytest.mark.usefixtures("store")
def test_whose_an_issue_would_be_is_the_same_in_every_datum() -> None:
    def told(datum: Datum, lon: float, lat: float) -> str:
        x, y = from_wgs84(lon, lat, datum)
        return str(run("route", "--lon", float(x), "--lat", float(y), "--datum", datum))

    answers = {told(datum, SPOT.x, SPOT.y) for datum in get_args(Datum)}
    assert len(answers) == 1
    assert f"网格 Grid {toy.TWO}003 · 3701 > 370102" in answers.pop()
    unsaid = RUNNER.invoke(app, ["route", "--lon", "117.0", "--lat", "36.6"])
    assert (unsaid.exit_code, "请给出诉求编号" in unsaid.output) == (2, True)
    outside = told("gcj02", 121.0, 31.0)
    assert "待认领" in outside
    assert "主办 Lead —" in outside


def test_an_issue_is_called_by_its_sources_number(store: Store) -> None:
    called = at(0.5, 0.5, reference="A-1")
    first, shown = received(store, called).id, ("issue", "show", "--as", "dispatcher")
    assert f"Issue {first} " in run(*shown, "A-1")
    stepped("A-1", "dispatcher", "send", "--to", LEADER, "--assist", "leader")
    told = run(*shown, "A-1")
    assert "主办 leads" in told
    assert "协办 assists" in told
    second = received(store, replace(called, source="visit")).id
    with pytest.raises(BadOptionError, match="hotline/A-1, visit/A-1"):
        run(*shown, "A-1")
    assert f"Issue {second} " in run(*shown, "visit/A-1")
    for nothing in ("A-2", "web/A-1", "nowhere/A-1", "/"):
        with pytest.raises(MissingError):
            run(*shown, nothing)


def test_an_issue_of_a_file_that_nobody_touched_yet_is_shown(store: Store) -> None:
    told = {"source": ["batch"], "reference": ["007"], "text": ["井盖丢了"]}
    with transaction(store.owner, "import") as conn:
        rows = gpd.GeoDataFrame(told, geometry=[None], crs="EPSG:4326")
        imports.commit_issues(conn, rows, imports.open_batch(conn, "issues"))
    assert "编号 Number: 007" in run("issue", "show", "batch/007")


def test_a_department_whistled_for_arrives_finishes_and_is_rated(store: Store) -> None:
    number = received(store, at(2.5, 0.5, reference="JN/1")).id
    whistle = ("whistle", "--reason", "倒树", "--call", "leader", "--emergency")
    stepped("hotline/JN/1", "dispatcher", *whistle)
    stepped(number, "leader", "take")
    with pytest.raises(StepRefusedError, match="metres away"):
        stepped(number, "leader", "arrive", "--at", SPOT.x, SPOT.y + 0.02, "wgs84")
    stepped(number, "leader", "arrive", "--at", SPOT.x, SPOT.y, "wgs84")
    stepped(number, "approver", "sign")
    assert "done" in stepped(number, "leader", "finish", "--result", "已清理")
    with transaction(store.owner, "audit") as conn:
        (work,) = look(conn, number).case.tasks
        when = "to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')"
        asked = text(f"select {when} from event where name = 'arrive'")
        arrived = conn.execute(asked).scalar_one()
    assert arrived in run("issue", "show", number, "--as", "dispatcher")
    assert (work.away_m, work.signed_by, work.state) == (0.0, "approver", "done")
    assert work.arrived_at is not None
    assert work.arrive_by is not None
    assert work.arrived_at < work.arrive_by
    rating = ("review", "add", "whistle", "--as", "checker", "--task", work.id,
              "--response", 5, "--quality", 4)  # fmt: skip
    assert "--commit" in run(*rating)
    assert "response 5" in run(*rating, "--commit")
    assert "leader" in run("review", "list", "--ratee", "leader")
    assert "响应率" in run("rates", "--by", "party")


def test_one_step_is_taken_with_several_issues(store: Store) -> None:
    numbers = [received(store, at(2.5, 0.5, f"s-{n}")).id for n in range(3)]
    send = ("issue", "steps", "send", f"{numbers[0]}@1", *numbers[1:], "--as", "dispatcher")
    assert "--commit" in run(*send)
    assert str(run(*send, "--commit")).count("✓") == 3
    stale = RUNNER.invoke(app, [*map(str, send), "--commit"])
    assert (stale.exit_code, stale.output.count("✓")) == (1, 0)
    both = ["issue", "steps", "urge", str(numbers[0]), "999", "--as", "dispatcher", "--together"]
    with pytest.raises(StepsRefusedError, match="1 of 2"):
        RUNNER.invoke(app, [*both, "--commit"], catch_exceptions=False)
    with pytest.raises(BadOptionError, match="17@3"):
        RUNNER.invoke(app, [*both[:3], "x@1", *both[4:]], catch_exceptions=False)
    with transaction(store.owner, "audit") as conn:
        assert look(conn, numbers[0]).version == 2


def test_a_photo_is_tried_and_then_kept(store: Store, tmp_path: Path) -> None:
    number = received(store, at(2.5, 0.5)).id
    file = tmp_path / "after.jpg"
    file.write_bytes(jpeg(exif=exif(SPOT.x, SPOT.y)))
    words = ("issue", "photo", number, file, "--stage", "after", "--as", LEADER)
    assert "照片在网格内" in run(*words)
    assert not (tmp_path / "home" / "photos").exists()
    assert "照片在网格内" in run(*words, "--commit")
    assert len([f for f in (tmp_path / "home" / "photos").rglob("*") if f.is_file()]) == 1


def test_a_mediation_is_written_down_and_told_as_confidential(store: Store) -> None:
    assert store
    new = ("task", "new", "mediate", "漏水争执", "--as", "dispatcher", "--to", LEADER)
    assert "漏水争执" in run(*new, "--area", f"{toy.TWO}003", "--commit")
    assert "漏水争执" not in run("task", "list")
    assert "mediate" in run("task", "count", toy.TWO, "--as", "checker")
    assert "taken" in run("task", "step", 1, "take", "--as", LEADER, "--commit")
    assert "self_close" in run("task", "show", 1, "--as", LEADER)


def test_a_years_holidays_are_tried_and_then_taken_in(store: Store, tmp_path: Path) -> None:
    assert store
    file = tmp_path / "2045.csv"
    file.write_text("day,works,name\n2045-01-02,no,=元旦\n", encoding="utf-8")
    assert "2012–2040" in run("import", "calendar")
    assert "--commit" in run("import", "calendar", file)
    out = tmp_path / "out.csv"
    assert "2012–2045" in run("import", "calendar", file, "--commit", "--out", out)
    told = out.read_text("utf-8-sig")
    assert told.splitlines()[-1] == "2045-01-02,no,'=元旦"
    assert "不变" not in run("import", "calendar", out, "--commit")
    assert run("import", "calendar", out).count("是 yes") == 0


def test_an_issue_is_shown_with_its_words_which_command_no_terminal(store: Store) -> None:
    said = "[bold]井盖[/x] :fire:\x1b[2J\u202e"
    number = received(store, replace(at(2.5, 0.5, "[/n]"), text=said, address="甲路1号")).id
    stepped(number, "dispatcher", "send", "--to", LEADER)
    stepped(number, LEADER, "return", "--reason", said)
    told = run("issue", "show", number, "--as", "dispatcher")
    assert told.count("[bold]井盖[/x] :fire:�[2J�") == 2
    assert all(words in told for words in ("甲路1号", "[/n]", "乙社区"))


@pytest.mark.usefixtures("store")
def test_who_enters_an_issue_sees_neighbours_open_issues_nearby_and_candidates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JINGWEI_REPORTER_SECRET", "secret")
    (edge,) = toy.points((2.999, 0.5))
    new = ("issue", "new", "--source", "hotline", "--lon", edge.x, "--lat", edge.y, "--datum",
           "wgs84", "--contact", "13805310000", "--as", "dispatcher")  # fmt: skip
    first = run(*new, "--accuracy", 50, "--text", "井盖", "--commit")
    assert f"--grid {toy.TWO}004" in first
    again = run(*new, "--text", "井盖又坏了")
    assert "90 天内第 2 次" in again
    assert "井盖 " in again
    assert "✓" in again
    assert "待认领" in run("issue", "new", "--source", "web", "--address", "火星路1号")
