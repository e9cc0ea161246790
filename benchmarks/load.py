"""A small load generator: requests ready as bytes, kept-alive connections, latencies in seconds."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter
from typing import NamedTuple


def processor_seconds(root: int) -> float:
    """Return the processor time of a process and all below it, those that have ended too."""
    below = _below(root)
    return sum(sum(map(int, told[11:15])) for told in below.values()) / os.sysconf("SC_CLK_TCK")


def memory_mb(root: int, kind: str = "Pss") -> float:
    """Return the megabytes that a process and all below it hold, what they share by shares.

    Parameters
    ----------
    kind
        Of `/proc/PID/smaps_rollup`; `Anonymous` leaves out what files and others share, such as
        the buffers of a database.
    """
    total = 0
    for number in _below(root):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")), 0)
    return total / 1024


def _below(root: int) -> dict[int, list[str]]:
    """Return what is told of a process and of all below it, by number."""
    told: dict[int, list[str]] = {}
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        told[int(stat.parent.name)] = parts
        below.setdefault(int(parts[1]), []).append(int(stat.parent.name))
    found, all_below = [root], {}
    while found:
        number = found.pop()
        if number in told:
            all_below[number] = told[number]
        found += below.get(number, [])
    return all_below


class Answer(NamedTuple):
    """The status of an answer, how long it took, its body, and the cookie it sets."""

    status: int
    seconds: float
    body: bytes
    cookie: str = ""


def request(
    method: str, path: str, body: bytes = b"", *, cookie: str = "", match: str = ""
) -> bytes:
    """Return a request as bytes; `match` names the version it is for."""
    head = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    head += ["content-type: application/json"] if body else []
    head += [f"cookie: {cookie}"] if cookie else []
    head += [f'if-match: "{match}"'] if match else []
    return "\r\n".join([*head, "", ""]).encode() + body


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, asked: bytes) -> Answer:
        """Return the answer to a request; where the server had hung up, it is asked again."""
        started = perf_counter()
        try:
            status, body, cookie = await self._ask(asked)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.reader = self.writer = None
            status, body, cookie = await self._ask(asked)
        return Answer(status, perf_counter() - started, body, cookie)

    async def _ask(self, asked: bytes) -> tuple[int, bytes, str]:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(asked)
        head = await self.reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
        at = lower.rfind(b"set-cookie:")
        cookie = head[at + 11 :].partition(b";")[0].strip().decode() if at >= 0 else ""
        return int(head[9:12]), await self.reader.readexactly(length), cookie


async def flood(port: int, asked: Sequence[bytes], lines: int) -> tuple[list[Answer], float]:
    """Return all answers and the time they took, by so many connections at once."""
    waiting = iter(asked)
    answers: list[Answer] = []

    async def work(line: Line) -> None:
        for one in waiting:
            answer = await line.ask(one)
            answers.append(answer)

    started = perf_counter()
    await asyncio.gather(*(work(Line(port)) for _ in range(lines)))
    return answers, perf_counter() - started


def rush(port: int, asked: Sequence[bytes], lines: int) -> tuple[Counter[int], float]:
    """Return how many answers had which status, and the time they took.

    As `flood`, but it keeps no answer and has no event loop: who asks takes a fifth of the
    processor, as little as `pgbench` does, and leaves it to whom it measures.
    """
    waiting, told = iter(asked), Counter[int]()
    started = perf_counter()
    with DefaultSelector() as open_lines:
        for _, first in zip(range(lines), waiting, strict=False):
            made = socket.create_connection(("127.0.0.1", port))
            open_lines.register(made, EVENT_READ, Coming())
            made.sendall(first)
        while open_lines.get_map():
            for key, _ in open_lines.select():
                status = key.data.status(key.fileobj)
                if status:
                    told[status] += 1
                    _ask_next(open_lines, key.fileobj, waiting)
    return told, perf_counter() - started


def _ask_next(open_lines: DefaultSelector, line: object, waiting: Iterator[bytes]) -> None:
    if not isinstance(line, socket.socket):
        raise TypeError(type(line))
    following = next(waiting, None)
    if following is None:
        open_lines.unregister(line)
        line.close()
    else:
        line.sendall(following)


class Coming:
    """An answer that comes in parts: how many bytes of it are missing, and its status."""

    def __init__(self) -> None:
        self._left, self._status = 0, 0

    def status(self, line: socket.socket) -> int:
        """Return the status once the answer is whole; 0 until then."""
        part = line.recv(1 << 18)
        if not part:
            raise ConnectionError
        if not self._left:  # our servers write the headers at once
            head = part.index(b"\r\n\r\n") + 4
            at = part.index(b"content-length: ", 0, head) + 16
            self._left = head + int(part[at : part.index(b"\r", at)])
            self._status = int(part[9:12])
        self._left -= len(part)
        return 0 if self._left else self._status


async def steady(port: int, asked: Sequence[bytes], rate: float, lines: int) -> list[Answer]:
    """Return the answers to requests that begin at a steady rate."""
    return await timed_at(port, asked, [n / rate for n in range(len(asked))], lines)


async def timed_at(
    port: int, asked: Sequence[bytes], at: Sequence[float], lines: int
) -> list[Answer]:
    """Return the answers to requests that begin at given seconds, in order, timed from then."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(lines):
        free.put_nowait(Line(port))
    began = perf_counter()

    async def one(n: int) -> Answer:
        line = await free.get()
        answer = await line.ask(asked[n])
        free.put_nowait(line)
        return answer._replace(seconds=perf_counter() - began - at[n])

    under_way = []
    for n in range(len(asked)):
        await asyncio.sleep(max(0.0, began + at[n] - perf_counter()))
        under_way.append(asyncio.create_task(one(n)))
    return list(await asyncio.gather(*under_way))
