"""What a person sees while something takes long: what is done, how long it took, how it ended."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

ROOT: Final = Path(__file__).resolve().parent.parent
_TAIL_LINES: Final = 40
_REFRESH_S: Final = 0.2


@dataclass(frozen=True)
class Step:
    """One command with its names for people; `shown` lets its whole output through."""

    zh: str
    en: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    shown: bool = False


class Stopped(Exception):  # noqa: N818 (not a fault of the program: something a person has to do)
    """Setting up cannot go on; carries what to do, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def say(zh: str, en: str) -> None:
    """Print one line: Chinese first, then English."""
    sys.stdout.write(f"{zh} · {en}\n")
    sys.stdout.flush()


def stop(error: Stopped) -> NoReturn:
    """Print what a person has to do and leave with exit status 1."""
    sys.stdout.flush()
    sys.stderr.write(f"\n✗ {error.zh}\n\n✗ {error.en}\n")
    raise SystemExit(1)


def did(step: Step) -> bool:
    """Run a step in the checkout, say how long it took, and return whether it went well."""
    say(f"▶ {step.zh}", step.en)
    began = time.monotonic()
    code, said = _watched(step) if not step.shown else (_streamed(step), [])
    seconds = time.monotonic() - began
    if code != 0:
        sys.stdout.writelines(said[-_TAIL_LINES:])
    mark = "✓" if code == 0 else "✗"
    sys.stdout.write(f"  {mark} {seconds:.1f} s\n")
    sys.stdout.flush()
    return code == 0


def must(step: Step) -> None:
    """Run a step that nothing can go on without.

    Raises
    ------
    Stopped
        When it fails.
    """
    if not did(step):
        line = shlex.join(map(str, step.command))
        raise Stopped(
            f"“{step.zh}”失败，上面是它的输出。可以单独运行：{line}",
            f"'{step.en}' failed; its output is above. To run it by itself: {line}",
        )


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a step: this one's, UTF-8, no other virtual environment's."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**kept, "PYTHONUTF8": "1", **more}


def _streamed(step: Step) -> int:
    return subprocess.run(  # noqa: S603 (fixed commands, no shell)
        [*map(str, step.command)], cwd=ROOT, env=environment(step.environment), check=False
    ).returncode


def _watched(step: Step) -> tuple[int, list[str]]:
    """Keep the output for a failure; on a terminal show its last line and the seconds so far."""
    said: list[str] = []
    began = shown = time.monotonic()
    with subprocess.Popen(  # noqa: S603 (fixed commands, no shell)
        [*map(str, step.command)],
        cwd=ROOT,
        env=environment(step.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if sys.stdout.isatty() and time.monotonic() - shown > _REFRESH_S:
                shown = time.monotonic()
                _tick(shown - began, line)
    if sys.stdout.isatty():
        sys.stdout.write("\r\x1b[2K")
    return process.returncode, said


def _tick(seconds: float, line: str) -> None:
    room = shutil.get_terminal_size().columns - 12
    sys.stdout.write(f"\r\x1b[2K  {seconds:4.0f} s  {line.strip()[:room]}")
    sys.stdout.flush()
