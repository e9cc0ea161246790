"""Commands given files made to hurt, each in a process of its own.

`python -m tests.files.commanded FOLDER` makes the files there and prints a line of JSON a command.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

# What the commands load when they are called is here before a process is begun for each.
import geo.load.ledgers  # noqa: F401 as above
from api.cli import main as jingwei
from tests.files.spoiled import ATOMS, GOOD, MERGED, OTHER, made

_MOST_CPU_S: Final = 20  # then it is ended: no status
_SMALL: Final = 4_096  # bytes of the largest file, where the disk is as good as full
_QUICK: Final = ("--quality", "draft", "--threads", "1")


class Asked(NamedTuple):
    """A command: its name in the test, the words, what is said, the largest file it may write."""

    name: str
    words: tuple[str, ...]
    says: str
    room: int = resource.RLIM_INFINITY


class Done(NamedTuple):
    """What became of it: `said` on both streams, seconds, MB above what there was, files left."""

    name: str
    says: str
    status: int
    said: str
    cpu_s: float
    memory_mb: float
    left: list[str]


def commands(folder: Path) -> Iterator[Asked]:
    """The commands of all the files, and those whose plan has no place to go."""
    out = str(folder / "out" / "plan.gpkg")
    good = str(folder / GOOD)
    for case in made(folder):
        words = (str(folder / case.file), *case.options, *_QUICK, "--out", out)
        yield Asked(f"redraw {case.file}", ("redraw", *words), case.says)
        if case.file in MERGED:
            more = (good, str(folder / case.file), "--datum", "wgs84", *_QUICK, "--out", out)
            yield Asked(f"merge {case.file}", ("merge", *more), "")
    (folder / "taken.gpkg").mkdir()
    (folder / "beside.json").mkdir()
    places = {
        "a-folder": ("taken.gpkg", "这是文件夹"),
        "a-folder-beside": ("beside.gpkg", "这是文件夹"),
        "nowhere": ("none/plan.gpkg", "没有这个文件夹"),
        "too-long": (f"{'x' * 300}.gpkg", "写不了"),
        "no-package": ("plan.csv", "--out"),
    }
    both = (
        ("redraw", str(folder / ATOMS)),
        ("merge", good, str(folder / OTHER), "--datum", "wgs84"),
    )
    for command in both:
        for name, (place, says) in places.items():
            words = (*command, *_QUICK, "--out", str(folder / place))
            yield Asked(f"{command[0]} to {name}", words, says)
        yield Asked(
            f"{command[0]} to a-full-disk", (*command, *_QUICK, "--out", out), "写不了", _SMALL
        )


def _memory(key: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def _status(words: tuple[str, ...]) -> int:
    sys.argv = ["jingwei", *words]
    try:
        jingwei()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _run(asked: Asked, told: int) -> None:
    """Run a command; write the status, the seconds and the memory where the parent reads them."""
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (asked.room, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before, began = _memory("VmRSS"), time.process_time()
    status = _status(asked.words)
    took = time.process_time() - began
    os.write(told, json.dumps([status, took, _memory("VmHWM") - before]).encode())


def _done(asked: Asked, folder: Path) -> Done:
    said, end = folder / "said", os.pipe()
    child = os.fork()
    if not child:
        streams = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(streams, 1)
        os.dup2(streams, 2)
        try:
            _run(asked, end[1])
        except BaseException:  # noqa: BLE001 a trace is what is looked for
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(0)
    os.close(end[1])
    told = os.read(end[0], 4096)
    os.waitpid(child, 0)
    os.close(end[0])
    status, cpu_s, memory_mb = json.loads(told) if told else (-1, _MOST_CPU_S, 0.0)
    left = [p for place in ("out", "temporary") for p in (folder / place).iterdir()]
    words = said.read_text("utf-8", "replace")
    for path in left:  # so that it is told of this command alone
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    names = [path.name for path in left]
    return Done(asked.name, asked.says, status, words, cpu_s, memory_mb, names)


def main(folder: Path) -> None:
    """Print what became of each command."""
    for place in ("files", "out", "temporary"):
        (folder / place).mkdir()
    tempfile.tempdir = str(folder / "temporary")
    files = folder / "files"
    (files / "out").symlink_to(folder / "out")
    asked_of = list(commands(files))
    for command in ("redraw", "merge"):  # once here: it loads what each of them needs
        words = next(asked.words for asked in asked_of if asked.words[0] == command)
        with redirect_stderr(StringIO()):
            _status(words)
    for asked in asked_of:
        sys.stdout.write(json.dumps(_done(asked, folder), ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
