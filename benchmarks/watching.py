"""What it costs to watch requests: figures and a line of the log each, by processor time.

    python -m benchmarks.watching [--home FOLDER] [--size small] [--rounds 40] [--calls 100]

One application in this process is asked the same, in turns with what watches it and without, no
network between. What the watch adds is the difference of the process's own processor time between
the halves of a turn, for it asks nothing of the database; a share is one of the time of both. The
watch alone is measured around an application that does nothing, the two again in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple, TextIO

import numpy as np
from sqlalchemy import text

from api.app import create_app
from api.settling import settle
from api.watching.calls import Watch
from api.watching.journal import Journal
from benchmarks.databases import database
from benchmarks.intake import PERSON, filled, folder_of, reports
from benchmarks.load import processor_seconds
from geo.store.database import Store, transaction

Answers = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
_ALONE = 20_000  # calls of nothing


class Asked(NamedTuple):
    """A request that is asked again and again: method, path, body, who asks."""

    method: str
    path: str
    body: bytes = b""
    person: str = ""

    async def of(self, answers: Answers) -> int:
        """Return the status that an application answers with."""
        path, _, query = self.path.partition("?")
        head = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
        head += [(b"cookie", f"jingwei_person={self.person}".encode())] if self.person else []
        head += [(b"content-length", str(len(self.body)).encode())]
        scope = {"type": "http", "http_version": "1.1", "method": self.method, "scheme": "http"}
        scope |= {"path": path, "raw_path": path.encode(), "query_string": query.encode()}
        scope |= {"root_path": "", "headers": head, "client": ("127.0.0.1", 1), "asgi": {}}
        scope |= {"server": ("127.0.0.1", 80), "state": {}}
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": self.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)

        await answers(scope, receive, send)
        return status


async def nothing(_scope: dict[str, Any], _receive: object, send: Any) -> None:  # noqa: ANN401 as ASGI has it
    """Answer at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def watched(watch: Watch, answers: Answers) -> Answers:
    """Return an application that is watched."""

    async def call(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 as ASGI has it
        await watch.call(answers, scope, receive, send)  # type: ignore[arg-type]

    return call


async def alone(watch: Watch) -> float:
    """Return the microseconds of processor time that watching one request takes."""
    asked, spent = Asked("GET", "/nowhere"), []
    for turn in range(10):
        both = (nothing, watched(watch, nothing))
        found = {}
        for answers in both if turn % 2 else both[::-1]:
            began = process_time()
            for _ in range(_ALONE // 10):
                await asked.of(answers)
            found[answers] = process_time() - began
        spent.append(found[both[1]] - found[both[0]])
    return 1e6 * float(np.median(spent)) / (_ALONE / 10)


async def in_turns(
    app: Any,  # noqa: ANN401 an application of ours
    rounds: list[list[Asked]],
    clock: Callable[[], tuple[float, float]],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the processor seconds of a request in each round, without the watch and with it.

    Parameters
    ----------
    clock
        Seconds of this process and of its database so far: the columns of the answers.
    """
    ways = {"without": app._answer, "with": watched(app.watch, app._answer)}  # noqa: SLF001 what is inside the watch
    found: dict[str, list[np.ndarray]] = {way: [] for way in ways}
    for turn, asked in enumerate(rounds):
        halves = dict(
            zip(ways if turn % 2 else [*ways][::-1], (asked[::2], asked[1::2]), strict=True)
        )
        for way, own in halves.items():
            began = np.array(clock())
            statuses = {*await asyncio.gather(*(one.of(ways[way]) for one in own))}
            found[way].append((np.array(clock()) - began) / len(own))
            if not statuses <= {200, 201}:
                raise RuntimeError(statuses)
    return np.array(found["without"]), np.array(found["with"])


def told(name: str, plain: np.ndarray, seen: np.ndarray, watch_us: float) -> None:
    """Print what a kind of request takes; the share of the watch in the middle turn, and alone."""
    whole = float(plain.sum(axis=1).mean())
    added = 100 * (seen - plain)[:, 0] / whole  # of the halves of a turn, one after the other
    draw = np.random.default_rng(1)
    picks = draw.integers(0, len(added), (2_000, len(added)))
    low, high = np.percentile(np.median(added[picks], axis=1), [2.5, 97.5])
    own = 1e6 * whole
    print(
        f"{name:<10}{own:9.0f} us each without; with the watch {np.median(added):+.1f} %"
        f" ({low:+.1f} to {high:+.1f}); the watch alone {watch_us:.1f} us,"
        f" {100 * watch_us / own:.2f} %"
    )


def rounds_of(store: Store, rounds: int, calls: int) -> dict[str, list[list[Asked]]]:
    """Return what is asked in each round, by kind."""
    rows = reports(store, 2 * rounds * calls, f"watch-{os.getpid()}").assign(datum="wgs84")
    told_of = rows.to_dict("records")
    intakes = [Asked("POST", "/api/issues", json.dumps(row).encode()) for row in told_of]
    parts = [intakes[n : n + 2 * calls] for n in range(0, len(intakes), 2 * calls)]
    with transaction(store.owner, PERSON) as conn:
        asked = text("select min(party) from duty where role = 'dispatcher' and valid_to is null")
        person = conn.execute(asked).scalar_one()
    board = [[Asked("GET", "/api/board", person=person)] * (calls // 10)] * rounds
    return {"intake": parts, "board": board}


async def compared(store: Store, home: Path, sink: TextIO, rounds: int, calls: int) -> None:
    """Ask in turns, and print it."""
    app = create_app(store, person=PERSON)
    app.state.intake_desk.ready()
    app.state.watch.journal = Journal(sink, "json")
    settle()
    own = database(home)

    def clock() -> tuple[float, float]:
        return process_time(), processor_seconds(own)

    watch_us = await alone(app.state.watch)
    for name, asked in rounds_of(store, rounds, calls).items():
        await in_turns(app, asked[:2], clock)
        spent = await in_turns(app, asked[2:], clock)
        told(name, *spent, watch_us)
    app.state.watch.journal.end()


def main() -> None:
    """Run it and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path)
    options.add_argument("--size", default="small")
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--calls", type=int, default=100)
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        store = filled(home, asked.size)
        with transaction(store.owner, PERSON) as conn:
            conn.execute(text("analyze"))
        print(f"load {os.getloadavg()[0]:.1f}")
        with Path(os.devnull).open("w") as sink:
            asyncio.run(compared(store, home, sink, asked.rounds, asked.calls))
        store.close()


if __name__ == "__main__":
    main()
