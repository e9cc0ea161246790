"""The log of a server: a line for each request, and what else is said, without personal data.

A line names the request, the template of its route (never the address: links are secrets), the
code of who acts (never a name), the status, and how long it took. Of a failure of our own it names
the kinds and where they arose: their words hold what people typed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from threading import Event, Thread
from typing import Final, NamedTuple, TextIO, TypeAlias

from api.settings import Form
from api.watching.named import CALL

Written: TypeAlias = Callable[[str, dict[str, object]], str]
_EVERY_S: Final = 0.25  # lines of so long are written at once
_MOST: Final = 100_000  # lines that may wait to be written; older ones are given up
_FRAMES: Final = 12
_TRACE: Final = "Traceback (most recent call last)"
_FRAME: Final = re.compile(r'^  File "([^"\n]+)", line (\d+), in (\S+)$', re.MULTILINE)
# What stands under the last frame: the kind, and then words that stay unsaid.
_KIND: Final = re.compile(r"\n +[^\n]*\n((?:\w+\.)+\w+|\w+(?:Error|Exception))(?=:|\n|$)", re.ASCII)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


class Line(NamedTuple):
    """What is told of a request; `at` is seconds since 1970, `ms` milliseconds."""

    at: float
    request: str
    method: str
    route: str
    status: int
    ms: float
    actor: str


class Journal:
    """Writes lines beside the requests they are of, some at a time."""

    def __init__(self, stream: TextIO, form: Form) -> None:
        self._stream, self._written = stream, written_as(form)
        self._lines: deque[Line] = deque(maxlen=_MOST)
        self._over = Event()
        self._writer = Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def add(self, line: Line) -> None:
        """Write a line soon."""
        self._lines.append(line)

    def end(self) -> None:
        """Write what waits, and no more."""
        self._over.set()
        self._writer.join()

    def _write(self) -> None:
        is_over = False
        while not is_over:
            is_over = self._over.wait(_EVERY_S)
            waiting = [self._lines.popleft() for _ in range(len(self._lines))]
            if waiting:
                told = (self._written("info", line._asdict()) for line in waiting)
                self._stream.write("".join(told))
                self._stream.flush()


class Lines(logging.Formatter):
    """Whatever else is logged, in the form of the journal."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._written = written_as(form)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without its end."""
        told: dict[str, object] = {"at": record.created, "request": CALL.get()}
        told |= {"logger": record.name, **_said(record.getMessage().strip())}
        if record.exc_info and record.exc_info[1]:
            told["fault"] = list(_kinds(record.exc_info[1]))
            told["where"] = _where(record.exc_info[1])
        return self._written(record.levelname.lower(), told).rstrip("\n")


@contextmanager
def written(form: Form) -> Iterator[Journal | None]:
    """Write a log to the standard error as long as this lasts; off: none, but for warnings."""
    beside = logging.StreamHandler(sys.stderr)
    beside.setFormatter(Lines("text" if form == "off" else form))
    logging.basicConfig(handlers=[beside], level=logging.WARNING, force=True)
    if form == "off":
        yield None
        return
    journal = Journal(sys.stderr, form)
    try:
        yield journal
    finally:
        journal.end()


def written_as(form: Form) -> Written:
    """Return what writes a line in a form."""
    return _json if form == "json" else _text


def _json(level: str, told: dict[str, object]) -> str:
    return _ENCODER.encode({**told, "at": _moment(told["at"]), "level": level}) + "\n"


def _text(level: str, told: dict[str, object]) -> str:
    rest = " ".join(str(value) for name, value in told.items() if name != "at")
    return f"{_moment(told['at'])} {level} {' '.join(rest.split())}\n"


def _moment(at: object) -> str:
    seconds, parts = divmod(float(str(at)), 1)
    return f"{_second(int(seconds))}.{int(parts * 1000):03d}Z"


@lru_cache(2)
def _second(at: int) -> str:
    """Return a second in UTC; lines are many in each, and their order is that of time."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _said(text: str) -> dict[str, object]:
    """Return what was logged; of a failure that somebody wrote out, no more than of one as such."""
    said, found, trace = text.partition(_TRACE)
    if not found:
        return {"text": text}
    where = [f"{file}:{line} {name}" for file, line, name in _FRAME.findall(trace)][-_FRAMES:]
    return {"text": said.strip(), "fault": _KIND.findall(trace)[::-1], "where": where}


def _kinds(fault: BaseException | None) -> Iterator[str]:
    while fault is not None:
        yield f"{type(fault).__module__}.{type(fault).__qualname__}"
        fault = fault.__cause__


def _where(fault: BaseException) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
