"""Eight working hours of Jinan's peak day, three times, in minutes: the program as in service."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from api.demo import FILES, import_file
from api.outgoing.secrets import made_secret
from benchmarks.databases import database
from benchmarks.day_beside import Town, beside, faults_of
from benchmarks.day_calls import at_work
from benchmarks.held import Held, Processes, grown, held, sampled
from benchmarks.intake import LINES, PERSON, as_requests, reports, said
from benchmarks.load import Answer, Line, flood, request, timed_at
from geo.city import build, write
from geo.store.database import Store, transaction
from geo.store.outgoing import hooks
from geo.store.outgoing.hooks import Hook
from tests.store.outbox.receiver import Receiver, receiving

_BEFORE = 500  # calls, so that there is something to do
_DAYS = 3
_LOOKS = 180  # at what is held, in all of them
_SLOWER = 1.5  # times; and so many milliseconds more, since quick answers vary by themselves
_SLOWER_MS = 20
_READY_S = 120.0
_SETTLED_S = 600.0  # after the last call, of minutes into which days were pressed


@contextmanager
def in_service(home: Path) -> Iterator[tuple[int, Processes]]:
    """Run `jingwei serve` and `jingwei work`; give the port, and their processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("jingwei"))
    told = os.environ | {"JINGWEI_HOME": str(home), "JINGWEI_HOOK_HOSTS": "127.0.0.0/8"}
    with (home / "service.log").open("w") as log:
        orders = ([program, "serve", "--no-work", "--port", str(port)], [program, "work"])
        running = [subprocess.Popen(order, env=told, stdout=log, stderr=log) for order in orders]  # noqa: S603 our own words
        try:
            _until_ready(port)
            yield port, Processes(*(one.pid for one in running), database(home))
        finally:
            for one in running:
                one.terminate()
                one.wait()


def _until_ready(port: int) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end:
        try:
            if asyncio.run(Line(port).ask(request("GET", "/ready"))).status == HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise TimeoutError(port)


def eight_hours(store: Store, home: Path, squeezed: float) -> list[str]:
    """Send the calls of three days with everything else going on; return what went wrong.

    On the first day caches fill, those of each connection to the database for as long as it;
    what grows from the second to the third does not end. `squeezed`: seconds for eight hours.
    """
    label, at, seconds = f"hours-{os.getpid()}", at_work(squeezed, _DAYS), squeezed * _DAYS
    asked = as_requests(reports(store, len(at), label))
    with receiving(made_secret(home, label)) as target:
        hook = told_of_all(store, label, target)
        with in_service(home) as (port, processes):
            asyncio.run(
                flood(port, as_requests(reports(store, _BEFORE, f"before{os.getpid()}")), LINES)
            )
            town = town_of(store, port, seconds)
            with sampled(partial(held, processes, store), seconds / _LOOKS) as found:
                work = beside(town, timed_at(port, asked, at.tolist(), LINES))
                answers = asyncio.run(work)
            late, waiting = settled(store, hook)
            after = held(processes, store)
        arrived = len(target.effects)
    said(f"{len(at)} calls in {seconds:.0f} s", answers, seconds)
    print("; ".join(f"{what} {times}" for what, times in sorted(town.done.items())))
    print(f"messages that arrived {arrived}; {waiting} wait {late:.0f} s after the last call")
    wrong = [*faults_of(town.done), *grown(found), *slower(answers), *left(found[0], after)]
    wrong += [f"{waiting} messages have not left"] if waiting else []
    return wrong + kept_once(store, label, answers)


def told_of_all(store: Store, name: str, target: Receiver) -> int:
    """Return the hook that tells a receiver of all that happens to issues."""
    with transaction(store.owner, PERSON) as conn:
        return hooks.add(conn, Hook(name, "3701", url=target.url, nouns=("issue",)))


def town_of(store: Store, port: int, seconds: float) -> Town:
    """Return who is in the city, and what of it they see: those who plan are of one district."""
    rows = _asked(
        store,
        "select role, min(party) from duty where area = '370102' and valid_to is null"
        " group by role union all select 'dispatcher', min(party) from duty"
        " where area = '3701' and role = 'dispatcher' and valid_to is null",
    )
    below = "select code from area where net = 'admin' and kind = '{}' and valid_to is null"
    below += " and path @> array['370102'] order by code"
    scopes, communities = (
        [row[0] for row in _asked(store, below.format(kind))]
        for kind in ("subdistrict", "community")
    )
    return Town(port, dict(rows), scopes, communities, partial(_sent, store), seconds)


def _sent(store: Store) -> list[int]:
    asked = "select id from task where state = 'sent' order by id desc limit 500"
    return [row[0] for row in _asked(store, asked)]


def _asked(store: Store, question: str) -> list[tuple[Any, ...]]:
    with transaction(store.owner, PERSON) as conn:
        return [tuple(row) for row in conn.execute(text(question))]


def settled(store: Store, hook: int) -> tuple[float, int]:
    """Return after how many seconds all messages have left, and how many have not by then."""
    began, waiting = time.monotonic(), 1
    asked = text("select count(*) from delivery where hook = :hook and state = 'pending'")
    while waiting and time.monotonic() < began + _SETTLED_S:
        time.sleep(0.5)
        with transaction(store.owner, PERSON) as conn:
            waiting = int(conn.execute(asked, {"hook": hook}).scalar_one())
    return time.monotonic() - began, waiting


def slower(answers: list[Answer]) -> list[str]:
    """Print how quick answers were in each third, and say whether the last was slower."""
    thirds = np.array_split(1000 * np.array([answer.seconds for answer in answers]), 3)
    p95 = [float(np.percentile(third, 95)) for third in thirds]
    print(f"p95 of an intake, by thirds: {', '.join(f'{value:.1f}' for value in p95)} ms")
    is_slower = p95[2] > _SLOWER * p95[0] + _SLOWER_MS
    return [f"answers took {p95[0]:.1f} ms at first, {p95[2]:.1f} at last"] if is_slower else []


def left(first: Held, after: Held) -> list[str]:
    """Return which connections are still there though nobody listens any more."""
    print(f"connections at first {first.connections:.0f}, afterwards {after.connections:.0f};"
          f" files of the server {first.server_files:.0f}, {after.server_files:.0f}")  # fmt: skip
    return ["transactions are still open"] if after.stuck else []


def kept_once(store: Store, label: str, answers: list[Answer]) -> list[str]:
    """Return which calls were accepted and lost, or are there twice."""
    with transaction(store.owner, PERSON) as conn:
        found = "select count(*), count(distinct reference) from issue where reference like :label"
        rows, kept = conn.execute(text(found), {"label": f"{label}-%"}).one()
        sealed = conn.execute(text("select count(*) from seal")).scalar_one()
    accepted = sum(answer.status == HTTPStatus.CREATED for answer in answers)
    print(f"accepted {accepted} of {len(answers)}, kept {kept}, doubled {rows - kept};"
          f" seals {sealed}")  # fmt: skip
    return [] if accepted == len(answers) == kept == rows else ["calls were lost or doubled"]


def with_places(store: Store, size: str) -> None:
    """Import a city's buildings unless they are there: drafts are drawn from them."""
    with transaction(store.owner, PERSON) as conn:
        if conn.execute(text("select exists (select from place)")).scalar_one():
            return
    with tempfile.TemporaryDirectory() as folder:
        write(build(size, 7), Path(folder))
        for noun, name in FILES:
            if noun == "places":
                import_file(store, noun, Path(folder) / name)
