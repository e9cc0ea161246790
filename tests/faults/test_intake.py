"""Nothing that was accepted is lost, nothing is there twice: servers killed, the database too."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.errors import StoppingError
from geo.store.database import Store, transaction
from geo.store.events import record
from tests.faults.callers import Board, Callers, Told, issue, until
from tests.faults.databases import restarted
from tests.faults.servers import Server, begun
from tests.faults.sizes import said, size
from tests.plugins.database import Databases, Where

KEPT = text(
    "select issue.reference, min(grid) is not null as placed, "
    "count(distinct event.id) filter (where event.name = 'receive') as received, "
    "count(distinct task.id) as tasks "
    "from issue left join event on event.noun = 'issue' and event.subject = issue.id::text "
    "left join task on task.issue = issue.id "
    "where issue.reference like :label group by issue.reference"
)


def kept(store: Store, label: str) -> dict[str, tuple[object, ...]]:
    """By number: whether it has a grid, how many events of its coming, how many tasks."""
    with transaction(store.owner, "test") as conn:
        rows = conn.execute(KEPT, {"label": f"{label}-%"}).all()
    return {row.reference: (row.placed, row.received, row.tasks) for row in rows}


def count(store: Store, label: str) -> int:
    with transaction(store.owner, "test") as conn:
        found = text("select count(*) from issue where reference like :label")
        return int(conn.execute(found, {"label": f"{label}-%"}).scalar_one())


def more(told: Told, had: int) -> bool:
    return len(told.taken) > had


def since(told: Told, when: float) -> bool:
    return told.times[-1] > when


def test_a_server_killed_again_and_again_loses_nothing_and_doubles_nothing(
    server: Server, store: Store
) -> None:
    many, kills = size(60, 2000), size(1, 20)
    references = [f"kill-{n}" for n in range(many)]
    with Callers(server.port, references, pace=size(100, 50)) as told:
        for kill in range(1, kills + 1):
            until(partial(more, told, kill * many // (kills + 1)))
            accepted = set(told.taken)
            server.end(signal.SIGKILL)
            said(f"alive after {server.begin():.2f} s")
            began = time.monotonic()
            whole = {number for number, row in kept(store, "kill").items() if row == (True, 1, 1)}
            assert accepted <= whole, "what was accepted is routed"
            assert time.monotonic() - began < 5
            until(partial(more, told, len(told.taken)))
    assert not told.faults
    assert kept(store, "kill") == dict.fromkeys(references, (True, 1, 1))
    assert count(store, "kill") == many


def test_a_database_restarted_under_load_is_away_for_seconds_and_loses_nothing(
    server: Server, store: Store, databases: Databases
) -> None:
    if databases.cluster is None:
        pytest.skip("somebody else's server is not restarted here")
    restarts = size(1, 5)
    references = [f"away-{n}" for n in range(size(100, 1500))]
    with Board(server.port) as heard, Callers(server.port, references, pace=50) as told:
        for n in range(restarts):
            until(partial(more, told, (n + 1) * len(references) // (restarts + 1)))
            restarted(databases.cluster)
            back = time.monotonic()
            ready = until(lambda: server.answers("/ready"), 10)
            accepts = until(partial(since, told, back), 10)
            said(f"ready {ready:.2f} s, accepting {ready + accepts:.2f} s after it was back")
        until(lambda: told.taken.keys() == set(references))
        until(lambda: heard >= {str(one["id"]) for one in told.taken.values()}, 20)
    said(Counter(told.statuses), f"{told.cuts} connections cut")
    assert not told.faults
    assert 503 in told.statuses, "they were told"
    assert kept(store, "away") == dict.fromkeys(references, (True, 1, 1))
    assert count(store, "away") == len(references)
    assert "Traceback" not in server.log.read_text()


def test_one_number_delivered_by_sixteen_at_once_is_one_issue_and_one_answer(
    server: Server, store: Store
) -> None:
    for turn in range(size(5, 100)):
        with ThreadPoolExecutor(16) as pool:
            gate = threading.Barrier(16)
            answers = list(pool.map(lambda _: delivered(server, f"once-{turn}", gate), range(16)))  # noqa: B023 done before the next turn
        statuses = sorted(status for status, _ in answers)
        assert statuses == [200] * 15 + [201]
        assert len({body for _, body in answers}) == 1
    assert count(store, "once") == size(5, 100)


def delivered(server: Server, reference: str, gate: threading.Barrier) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    line.connect()
    gate.wait(30)
    body = json.dumps(issue(reference))
    line.request("POST", "/api/issues", body, {"content-type": "application/json"})
    answer = line.getresponse()
    found = answer.status, answer.read()
    line.close()
    return found


def test_a_server_told_to_stop_under_load_answers_what_it_took(
    server: Server, store: Store
) -> None:
    many = size(100, 2000)
    callers = Callers(server.port, [f"stop-{n}" for n in range(many)], pace=size(200, 200))
    with Board(server.port) as heard, callers as told:
        until(lambda: len(told.taken) > many // 4 and heard)
        began = time.monotonic()
        server.end(signal.SIGTERM)
        said(f"stopped after {time.monotonic() - began:.2f} s")
        assert time.monotonic() - began < 10
        answered = set(told.taken)
        assert set(kept(store, "stop")) == answered, "what was kept was said, and nothing else"
        server.begin()
    assert not told.faults
    assert count(store, "stop") == many


IMPORT = (
    "/api/issues/import?commit=true&source=hotline&datum=wgs84&timezone=Asia/Shanghai&name=a.csv"
)
TABLE = "工单编号,工单内容,问题分类,受理时间,经度,纬度\n" + "".join(
    f"file-{n},路灯不亮,路灯,2026-11-0{n} 08:30,117.005,36.605\n" for n in range(1, 4)
)
WAITING = text("select count(*) from pg_locks where not granted and relation = 'issue'::regclass")
LEFT = text("select (select count(*) from import_batch), (select count(*) from event)")


def left(store: Store) -> tuple[int, ...]:
    """How many imports and events there are."""
    with transaction(store.owner, "test") as conn:
        return tuple(conn.execute(LEFT).one())


def imported(server: Server) -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        line.request("POST", IMPORT, TABLE.encode(), {"content-type": "text/csv"})
        answer = line.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def test_an_import_that_is_not_done_when_a_server_must_stop_is_undone_and_told_so(
    where: Where, store: Store, tmp_path: Path
) -> None:
    with begun(where, tmp_path, finish_s=1) as server, ThreadPoolExecutor(1) as pool:
        with store.owner.connect() as slow, slow.begin():
            slow.execute(text("lock table issue in share mode"))
            before, asked = left(store), pool.submit(imported, server)
            until(lambda: slow.execute(WAITING).scalar_one())
            began = time.monotonic()
            server.end(signal.SIGTERM)
            assert 1 <= time.monotonic() - began < 5, "it waited for its limit, and no longer"
        status, headers, body = asked.result(10)
        told = json.loads(body)
        assert (status, told["code"]) == (503, "Stopping"), told
        assert headers["retry-after"].isdigit()
        assert "什么也没有写入" in told["zh"]
        assert (count(store, "file"), left(store)) == (0, before), "nothing of it is kept"


def test_a_file_that_is_still_coming_in_when_a_server_must_stop_is_left(
    where: Where, store: Store, tmp_path: Path
) -> None:
    before = left(store)
    with begun(where, tmp_path, finish_s=1) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
            head = f"POST {IMPORT} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/csv\r\n"
            head += f"expect: 100-continue\r\ncontent-length: {30 * 2**20}\r\n\r\n"
            line.sendall(head.encode())
            assert line.recv(2**10).startswith(b"HTTP/1.1 100 "), "it has begun to read the file"
            line.sendall(TABLE.encode() * 1000)
            began = time.monotonic()
            server.end(signal.SIGTERM)
            assert time.monotonic() - began < 8, "it waited for its limit, and no longer"
            answer = heard(line)
        assert answer.startswith(b"HTTP/1.1 503"), answer
        assert "什么也没有写入" in answer.decode()
        assert (count(store, "file"), left(store)) == (0, before), "nothing of it is kept"
        assert "Traceback" not in server.log.read_text()
        assert not list(tmp_path.glob("**/jingwei-*")), "no file is left"


def heard(line: socket.socket) -> bytes:
    """Return what was said on a line until it was closed, with or without what was sent read."""
    said = b""
    with suppress(ConnectionResetError):
        while part := line.recv(2**16):
            said += part
    return said


def ended_within(store: Store, gives_up: type[Exception] | None = None) -> None:
    """End a store's lines while nothing is asked, between a change and its commit or giving up."""
    with transaction(store.owner, "test") as conn:
        record(conn, "test", "test", "test")
        store.end()
        if gives_up:
            raise gives_up


def test_what_asks_nothing_while_its_process_ends_cannot_commit_afterwards(where: Where) -> None:
    mine = where.opened()
    before = left(mine)
    with pytest.raises(StoppingError):
        ended_within(mine)
    with pytest.raises(StoppingError), transaction(mine.app, "test"):
        pass
    mine.close()
    again = where.opened()
    assert left(again) == before
    again.close()


def test_what_gives_up_while_its_process_ends_is_undone_without_a_trace(
    where: Where, caplog: pytest.LogCaptureFixture
) -> None:
    mine = where.opened()
    before = left(mine)
    with pytest.raises(TimeoutError):
        ended_within(mine, TimeoutError)
    mine.close()
    again = where.opened()
    assert (left(again), caplog.text) == (before, "")
    again.close()
