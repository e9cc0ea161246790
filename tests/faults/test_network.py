"""The network to the database cut, or letting nothing through: 503 in bounded time, then on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from geo.store.database import Store
from geo.store.line import PEOPLE, Patience
from tests.faults.callers import Callers, until
from tests.faults.servers import Server, begun
from tests.faults.sizes import FULL, said, size
from tests.faults.test_intake import count, kept
from tests.faults.wire import Wire, wired
from tests.plugins.database import Databases, Where

# At full size as in service; else so that nobody waits long for what nobody answers.
PATIENCE = PEOPLE if FULL else Patience(connect=2, look=0.5, answer=1.0, line=1.0)
# What is under way waits as long as it may; to say so, and to look anew, takes some seconds more,
# and more of them where others are at work on the same machine.
LONGEST = sum((PATIENCE.answer, PATIENCE.look, PATIENCE.connect, PATIENCE.line, 5 if FULL else 20))
READS = ("/ready", "/api/board", "/api/issues.geojson?scope=370102001", "/tiles/grids.json", "/")


@pytest.fixture
def remote(where: Where, databases: Databases, tmp_path: Path) -> Iterator[tuple[Wire, Server]]:
    """A server whose database is on another machine, as it were."""
    if databases.cluster is None:
        pytest.skip("the network to somebody else's server is not cut here")
    with (
        wired(replace(where, patience=PATIENCE)) as (wire, through),
        begun(through, tmp_path) as server,
    ):
        until(lambda: server.answers("/ready"), 30)
        yield wire, server


def refused_in(server: Server, path: str) -> float:
    """The seconds after which a read says properly that the database is away."""
    began = time.monotonic()
    status, headers, body = server.asked(path, LONGEST + 30)
    took = time.monotonic() - began
    assert status == 503, (path, status, body)
    assert headers["retry-after"].isdigit()
    if headers["content-type"] == "application/problem+json":
        assert json.loads(body)["code"] == "DatabaseAway"
    assert b"Traceback" not in body
    return took


@pytest.mark.parametrize("fault", ["cut", "still"])
def test_a_network_that_fails_is_told_of_in_bounded_time_and_nothing_is_lost(
    remote: tuple[Wire, Server], store: Store, fault: str
) -> None:
    wire, server = remote
    references = [f"{fault}-{n}" for n in range(size(60, 1000))]
    with Callers(server.port, references, pace=50) as told:
        until(lambda: len(told.taken) > len(references) // 4)
        wire.cut() if fault == "cut" else wire.still()
        with ThreadPoolExecutor(len(READS)) as pool:
            took = list(pool.map(lambda path: refused_in(server, path), READS))
        said({path: round(seconds, 1) for path, seconds in zip(READS, took, strict=True)})
        assert max(took) < LONGEST, dict(zip(READS, took, strict=True))
        assert server.answers("/health")
        until(lambda: 503 in told.statuses, LONGEST)
        wire.mend() if fault == "cut" else wire.go()
        back = until(lambda: all(server.answers(path) for path in READS), 15)
        said(f"everything is answered {back:.2f} s after the network is back")
    assert not told.faults
    assert kept(store, fault) == dict.fromkeys(references, (True, 1, 1))
    assert count(store, fault) == len(references)
    assert "Traceback" not in server.log.read_text()
