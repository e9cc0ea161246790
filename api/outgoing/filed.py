"""Messages as files of the data folder, for networks that exchange files."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

_FOLDER: Final = "outbox"
# A hand-over, or what a process that was killed has left of one: hook, event, task.
_HANDED_OVER: Final = re.compile(r"\.?msg_\d+_\d+_(\d+)\.(?:json|\d+)")


def put(home: Path, hook: str, name: str, body: str) -> None:
    """Write a message as a file of its name, whole or not at all; again is the same.

    The disk holds it before the outbox counts it as delivered: a machine may stop at any moment.
    """
    folder = home / _FOLDER / hook
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(body + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.json")


def handed_over(home: Path) -> set[int]:
    """Return the tasks whose hand-overs lie there."""
    found = (_HANDED_OVER.fullmatch(file.name) for file in (home / _FOLDER).glob("*/*"))
    return {int(each[1]) for each in found if each}


def take_back(home: Path, tasks: Collection[int]) -> None:
    """Remove the hand-overs of some tasks that still lie there: they tell what an issue says."""
    if not tasks:
        return
    gone = set(tasks)
    for file in (home / _FOLDER).glob("*/*"):
        found = _HANDED_OVER.fullmatch(file.name)
        if found and int(found[1]) in gone:
            file.unlink(missing_ok=True)
