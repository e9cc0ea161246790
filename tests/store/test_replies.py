"""What a source is answered: its own numbers and due times, also of what was merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from openpyxl.utils import get_column_letter
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from geo.errors import BadReviewError, StepRefusedError
from geo.issues import Issue, Order
from geo.load import ReadOptions
from geo.load import read as read_file
from geo.reviews import Review
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.handling import act, look
from geo.store.working.issues import receive
from geo.store.working.rates import read_rates
from geo.store.working.replies import read_replies
from geo.store.working.reviews import add_review
from tests.store import toy

HERE = ("127.0.0.1", 50000)
HOLDER = f"leader-{toy.TWO}003"
DUE = datetime(2026, 12, 4, 10, tzinfo=UTC)


def acted(store: Store, person: str, issue: int, **order: Any) -> Any:
    with transaction(store.app, person) as conn:
        return act(conn, issue, Order(**order))


@pytest.fixture
def handled(toy_store: Store) -> dict[str, int]:
    """A patrol's finding handled, two calls about it merged into it, one answered, one open."""
    (point,) = toy.points((2.5, 0.5))
    said = {"lon": point.x, "lat": point.y, "text": "=路灯不亮"}
    numbers: dict[str, int] = {}
    with transaction(toy_store.app, "dispatcher") as conn:
        for reference, source in (
            *(("P-1", "patrol"), ("JN-1", "hotline"), ("JN-2", "hotline")),
            *(("JN-3", "hotline"), ("JN-4", "hotline")),
        ):
            call = {"due_at": DUE, "reporter": "a" * 32} if source == "hotline" else {}
            issue = Issue(source=source, reference=reference, **said, **call)  # type: ignore[arg-type]
            numbers[reference] = receive(conn, issue).id
        act(conn, numbers["JN-2"], Order(step="merge", into=numbers["JN-1"]))
        act(conn, numbers["JN-1"], Order(step="merge", into=numbers["P-1"]))
        act(conn, numbers["JN-3"], Order(step="answer", result="请拨 12345"))
        act(conn, numbers["P-1"], Order(step="send", party=HOLDER))
    acted(toy_store, HOLDER, numbers["P-1"], step="take")
    acted(toy_store, HOLDER, numbers["P-1"], step="finish", result="已换灯")
    return numbers


def merged(handled: dict[str, int]) -> tuple[int, int]:
    return handled["JN-1"], handled["JN-2"]


def answered(store: Store, handled: dict[str, int]) -> dict[str, tuple[bool, bool]]:
    """What the source hears of the merged: whether it is solved, and will do."""
    with transaction(store.app, "dispatcher") as conn:
        found = read_replies(conn, "hotline", since=None, until=None).set_index("id")
    return {
        name: (bool(found["solved"][handled[name]]), bool(found["satisfied"][handled[name]]))
        for name in ("JN-1", "JN-2")
    }


def test_who_was_merged_is_called_back_before_it_is_closed(
    toy_store: Store, handled: dict[str, int]
) -> None:
    main, (first, second) = handled["P-1"], merged(handled)

    def passed(*called: int) -> str:
        verdict: dict[str, Any] = {"step": "pass", "solved": True, "satisfied": True}
        return str(acted(toy_store, "dispatcher", main, **verdict, called=called).state)

    with pytest.raises(StepRefusedError):
        acted(toy_store, "dispatcher", main, step="pass", called=(first, second))
    with pytest.raises(StepRefusedError, match=f"#{first}、#{second}"):
        passed()
    with pytest.raises(StepRefusedError, match=f"#{handled['JN-4']}"):  # not merged into it
        passed(first, second, handled["JN-4"])
    with transaction(toy_store.app, "dispatcher") as conn:
        (task,) = look(conn, main).case.tasks
        said = Review(kind="call_back", task=task.id, issue=first, solved=True, satisfied=False)
        assert add_review(conn, said)["issue"] == first
    with pytest.raises(StepRefusedError, match=f"#{first}、#{second}"):  # one is not content
        passed()
    acted(toy_store, "dispatcher", main, step="fail", reason="不满意")
    acted(toy_store, HOLDER, main, step="take")
    acted(toy_store, HOLDER, main, step="finish", result="再换")
    with transaction(toy_store.app, "dispatcher") as conn:
        add_review(conn, replace(said, satisfied=True))
    with pytest.raises(StepRefusedError, match=f"#{second}"):
        passed()
    assert passed(second) == "closed"
    assert answered(toy_store, handled) == {"JN-1": (True, True), "JN-2": (True, True)}


def test_a_merged_number_is_answered_as_its_own_reporter_said(
    toy_store: Store, handled: dict[str, int]
) -> None:
    main, (first, _) = handled["P-1"], merged(handled)
    passing: dict[str, Any] = {"step": "pass", "solved": True, "satisfied": True}
    acted(toy_store, "dispatcher", main, **passing, called=merged(handled))
    with transaction(toy_store.app, "dispatcher") as conn:
        (task,) = look(conn, main).case.tasks
        later = Review(kind="call_back", task=task.id, issue=first, solved=False, satisfied=False)
        add_review(conn, later)
        with pytest.raises(BadReviewError):
            add_review(conn, replace(later, issue=handled["JN-4"]))
        rates = read_rates(conn, since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime.now(UTC))
    assert answered(toy_store, handled) == {"JN-1": (False, False), "JN-2": (True, True)}
    assert rates["resolution"].tolist() == pytest.approx([2 / 3])


@pytest.fixture
def client(toy_store: Store, handled: dict[str, int]) -> Iterator[TestClient]:
    passing: dict[str, Any] = {"step": "pass", "solved": True, "satisfied": True}
    acted(toy_store, "dispatcher", handled["P-1"], **passing, called=merged(handled))
    with TestClient(create_app(toy_store, person="dispatcher"), client=HERE) as made:
        yield made


def test_each_number_gets_its_reply_and_the_file_changes_nothing(
    toy_store: Store,
    client: TestClient,
    handled: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    out = tmp_path / "replies.xlsx"
    words = ["issue", "replies", "--source", "hotline", "--since", "2026-01-01", "--out", str(out)]
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    told = pd.read_excel(out, dtype="str").set_index("工单编号")
    assert told.index.tolist() == ["JN-1", "JN-2", "JN-3"]
    assert told["答复内容"].tolist() == ["已换灯", "已换灯", "请拨 12345"]
    assert told["办理结果"].tolist() == ["已解决", "已解决", "已答复"]
    assert told["是否满意"].fillna("").tolist() == ["是", "是", ""]
    assert told["并入系统编号"].fillna("").tolist() == [str(handled["P-1"])] * 2 + [""]
    sheet = openpyxl.load_workbook(out).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    for title in ("办理时限", "入库时间", "办结时间"):  # dates to reckon with, not text
        column = titles.index(title) + 1
        assert sheet.cell(2, column).data_type == "d"
        assert sheet.column_dimensions[get_column_letter(column)].width > len("2026-12-04 18:00")
    assert set(told["办理时限"]) == {"2026-12-04 18:00:00"}
    assert client.get("/api/replies.xlsx", params={"source": "hotline"}).status_code == 200
    options = ReadOptions(timezone="Asia/Shanghai")
    (layer,) = read_file(out, "issues", options)
    assert not layer.report.errors
    with transaction(toy_store.owner, "import") as conn:
        counts = imports.commit_issues(conn, layer.frame, imports.open_batch(conn, "issues"))
    assert (counts.new, counts.changed, counts.same, counts.conflicts) == (0, 0, 3, ())


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"source": "fax"}, 422),
        ({"source": "hotline", "since": "2026-02-02", "until": "2026-02-01"}, 422),
        ({"source": "hotline", "since": "x"}, 422),
        ({"source": "web"}, 200),
        ({"source": "hotline", "until": "2020-01-01"}, 200),
    ],
)
def test_replies_are_asked_for_by_source_and_days(
    client: TestClient, asked: dict[str, str], status: int
) -> None:
    answer = client.get("/api/replies.csv", params=asked)
    assert answer.status_code == status
    assert status == 422 or len(answer.content.splitlines()) == 1
