"""What somebody said is told with a trace, and erased when asked for or after its time."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.forgetting import forget, forget_waiting
from api.rounds import outlived
from api.sealing import seal_waiting
from geo.errors import BadLimitsError, FileNotWrittenError
from geo.issues.reporters import reporter_key
from geo.retention import Periods, periods
from geo.store.database import Store, transaction
from geo.store.persons import said_by
from geo.store.public import keep_answers
from geo.store.seals import verify
from geo.store.working.alone import NewTask, new_task
from geo.store.working.blobs import kept as photo
from geo.store.working.issues import calls_of_reporter
from geo.store.working.photos import add_photo, add_photo_of_task
from tests.apart import apart
from tests.photographed import jpeg
from tests.store import toy
from tests.store.test_issues import at, received

ZHANG, LI = (reporter_key(n, b"secret") for n in ("13805310000", "13905310000"))
WORDS = "张先生家漏水"
BLOBS = "geo.store.working.blobs"
LOOKED = ".no-former-drafts"
KEPT = Periods(30, 10, 30, 20)


@pytest.fixture
def store(toy_store: Store, tmp_path: Path) -> Store:
    """Three issues: two of one person with the same photo as one of another's, and answers."""
    for number, (reporter, column) in enumerate(((ZHANG, 0.5), (ZHANG, 1.5), (LI, 2.5))):
        said = replace(
            at(column, 0.5, str(number), WORDS), reporter=reporter, address="甲楼 2单元501室"
        )
        issue = received(toy_store, said).id
        with transaction(toy_store.app, "dispatcher") as conn:
            keep_answers(conn, issue, {"who": ["张先生"]})
        with transaction(toy_store.owner, "dispatcher") as conn:
            add_photo(conn, tmp_path, issue, jpeg(shade=90 + number // 2), "before")
    return toy_store


def kept(store: Store) -> str:
    """Everything that the tables hold, but for the list of them."""
    tables = ("issue", "answer", "task", "review", "attachment", "event")
    with transaction(store.owner, "x") as conn:
        return " ".join(
            str(row) for t in tables for row in conn.execute(text(f"select t::text from {t} as t"))
        )


def files(folder: Path) -> int:
    return sum(path.is_file() and path.name != LOOKED for path in folder.rglob("*"))


def told(store: Store, *names: str) -> list[Any]:
    asked = "select person, detail from event where noun = 'person' and name = :n order by id"
    with transaction(store.owner, "x") as conn:
        return [tuple(row) for n in names for row in conn.execute(text(asked), {"n": n})]


def test_what_is_kept_of_a_person_is_told_whole_and_who_asked_why_stays(store: Store) -> None:
    with transaction(store.owner, "mayor") as conn:
        found = said_by(conn, str(ZHANG), "本人申请")
    assert [one["issue"]["text"] for one in found] == [WORDS, WORDS]
    assert found[0]["issue"]["address"] == "甲楼 2单元501室"
    assert found[0]["answers"] == {"who": ["张先生"]}
    assert len(found[0]["photos"]) == 1
    assert told(store, "export") == [("mayor", {"reason": "本人申请", "issues": 2})]


def test_erasing_a_person_leaves_nothing_said_and_nothing_of_others_is_touched(
    store: Store, tmp_path: Path
) -> None:
    assert files(tmp_path) == 2
    dry = forget(store.owner, tmp_path, str(ZHANG), reason="申请", who="mayor", commit=False)
    assert (dry.issues, files(tmp_path), kept(store).count(WORDS)) == (2, 2, 3)
    done = forget(store.owner, tmp_path, str(ZHANG), reason="申请", who="mayor", commit=True)
    assert (done.issues, len(done.photos), files(tmp_path)) == (2, 1, 1)
    assert kept(store).count(WORDS) == 1
    assert kept(store).count("2单元501室") == 1
    assert str(ZHANG) not in kept(store)
    assert str(LI) in kept(store)
    with transaction(store.app, "dispatcher") as conn:
        rows = conn.execute(text("select grid is not null, text from issue order by id")).all()
    assert [tuple(row) for row in rows] == [(True, ""), (True, ""), (True, WORDS)]
    again = forget(store.owner, tmp_path, str(ZHANG), reason="申请", who="mayor", commit=True)
    assert again.issues == 0
    assert told(store, "erase") == [("mayor", {"reason": "申请", "issues": n}) for n in (2, 0)]
    seal_waiting(store.owner)
    with transaction(store.owner, "x") as conn:
        assert verify(conn).breach is None


def test_what_is_written_out_of_a_person_is_whole_and_for_one_reader(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    monkeypatch.setattr("api.cli.persons.reporter_secret", lambda _: b"secret")
    monkeypatch.setenv("JINGWEI_HOME", str(tmp_path / "home"))
    out = tmp_path / "zhang.json"
    out.write_text("of before")
    out.chmod(0o644)
    words = ("person", "export", "13805310000", "--reason", "申请", "--as", "mayor", "--out")
    with monkeypatch.context() as full:
        full.setattr(json, "dumps", lambda *_, **__: "\ud800")  # no disk takes it
        assert CliRunner().invoke(app, [*words, str(out)]).exit_code != 0
    assert (out.read_text(), told(store, "export")) == ("of before", [])
    done = CliRunner().invoke(app, [*words, str(out)], catch_exceptions=False)
    assert (done.exit_code, out.stat().st_mode & 0o777) == (0, 0o600)
    assert [each["issue"]["text"] for each in json.loads(out.read_text())["issues"]] == [WORDS] * 2
    assert told(store, "export") == [("mayor", {"reason": "申请", "issues": 2})]
    gone = CliRunner().invoke(app, [*words, str(tmp_path / "no" / "zhang.json")])
    assert (gone.exit_code != 0, len(told(store, "export"))) == (True, 1)


def aged(store: Store, days: int, which: str = "true") -> None:
    order = f"""update issue set state = 'closed', outcome = 'solved',
        received_at = now() - make_interval(days => {days}) where {which}"""
    with transaction(store.owner, "x") as conn:
        conn.execute(text(order))


def test_what_is_past_its_time_is_erased_and_nothing_sooner(store: Store, tmp_path: Path) -> None:
    assert forget_waiting(store.owner, tmp_path, KEPT) == 0  # open ones are never
    aged(store, 29)
    assert forget_waiting(store.owner, tmp_path, KEPT) == 0
    assert kept(store).count(WORDS) == 3
    assert str(ZHANG) not in kept(store)  # who it was is forgotten sooner
    aged(store, 31, "reference <> '2'")
    assert forget_waiting(store.owner, tmp_path, KEPT) == 2
    assert kept(store).count(WORDS) == 1
    assert files(tmp_path) == 1
    assert forget_waiting(store.owner, tmp_path, KEPT) == 0


@pytest.mark.parametrize("where", ["before it is kept", "after it was kept"])
def test_an_erasure_that_was_cut_off_leaves_no_photo_and_loses_none(
    store: Store, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [path.name for path in tmp_path.glob("*/*/*")]
    (tmp_path / ".new" / "half").write_bytes(jpeg()[:900])  # of an upload that was killed
    former = next(tmp_path.glob("??/??")) / ".new-1"  # where former versions laid them
    former.write_bytes(jpeg()[:900])
    cut = {"before it is kept": "api.forgetting.fold", "after it was kept": f"{BLOBS}._removed"}
    with monkeypatch.context() as killed:
        killed.setattr(cut[where], cut_off)
        with pytest.raises(KeyboardInterrupt):
            forget(store.owner, tmp_path, str(ZHANG), reason="申请", who="mayor", commit=True)
    assert kept(store).count(WORDS) == (3 if where.startswith("before") else 1)
    assert all(photo(tmp_path, name) for name in shown), "shown as long as rows may name it"
    assert (forget_waiting(store.owner, tmp_path, KEPT), files(tmp_path)) == (0, 4), "too fresh"
    assert former.exists()
    monkeypatch.setattr(f"{BLOBS}._OLD_S", -1)
    forget_waiting(store.owner, tmp_path, KEPT)
    assert (former.exists(), (tmp_path / LOOKED).exists()) == (False, False)
    forget_waiting(store.owner, tmp_path, KEPT)
    assert (tmp_path / LOOKED).exists(), "nobody goes through all folders again"
    assert len(list(tmp_path.glob("*/*/*"))) == files(tmp_path)
    assert files(tmp_path) == (2 if where.startswith("before") else 1)


def test_nothing_is_erased_while_the_disk_takes_no_photo_aside(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".leaving").write_text("no folder")
    with pytest.raises(FileNotWrittenError):
        forget(store.owner, tmp_path, str(ZHANG), reason="申请", who="mayor", commit=True)
    assert (kept(store).count(WORDS), len(list(tmp_path.glob("*/*/*")))) == (3, 2)
    aged(store, 9_999)
    forgetting = asyncio.to_thread(forget_waiting, store.owner, tmp_path, home=None)
    apart(asyncio.run, outlived(forgetting, logging.getLogger("x"), "forgetting"))
    assert "Cannot write" in caplog.text


def cut_off(*_told: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_photos_of_an_errand_go_with_its_words(store: Store, tmp_path: Path) -> None:
    for person, days in (("dispatcher", 29), ("planner", 31)):
        told = NewTask(kind="errand", party="leader", area=toy.ONE, text=WORDS)
        with transaction(store.owner, "dispatcher") as conn:
            task = new_task(conn, told).id
            add_photo_of_task(conn, tmp_path, task, jpeg(shade=len(person)), "after")
            add_photo_of_task(conn, tmp_path, task, jpeg(shade=90), "before")  # an issue's too
            old = text("update task set state = 'closed', made_at = now() - make_interval("
                       "days => :days) where id = :task")  # fmt: skip
            conn.execute(old, {"days": days, "task": task})
    assert (files(tmp_path), forget_waiting(store.owner, tmp_path, KEPT)) == (4, 0)
    assert files(tmp_path) == 3
    with transaction(store.owner, "x") as conn:
        asked = text("select count(*) from attachment where issue is null")
        assert conn.execute(asked).scalar_one() == 2


def test_calls_of_one_person_are_counted_by_the_key_alone(store: Store) -> None:
    with transaction(store.app, "dispatcher") as conn:
        last = conn.execute(text("select id from issue where reference = '1'")).scalar_one()
        assert calls_of_reporter(conn, last, 30) == 2
    assert "13805310000" not in kept(store)


def test_the_periods_are_a_file_of_the_city(tmp_path: Path) -> None:
    assert periods().issue_words_days > 0
    minus = (
        "[issue]\nwords_days = -1\nreporter_days = 1\n[task]\nwords_days = 1\n[contact]\ndays = 0"
    )
    for said in ("", minus, "x"):
        path = tmp_path / "retention.toml"
        path.write_text(said, "utf-8")
        periods.cache_clear()
        with pytest.raises(BadLimitsError):
            periods(path)
