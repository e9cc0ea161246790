"""Content kept in files named by their digest, beside the database (decision 15).

What is being written lies in a folder of its own until it is whole, and what is being erased in
another until that is kept: `settle` clears both of what a killed process left there.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from geo.errors import FileNotWrittenError, MissingError
from geo.photos import digest

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DRAFTS: Final = ".new"  # a backup passes over what begins with a dot
_ASIDE: Final = ".leaving"
# Former versions wrote drafts beside content, in folders of which there may be 65,536: those of
# killed processes are looked for once.
_FORMER: Final = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/.new-*"
_LOOKED: Final = ".no-former-drafts"
_OLD_S: Final = 7200.0  # twice the longest transaction of the owner's: whoever put it there is gone
_LOG: Final = logging.getLogger("jingwei.photos")


def keep(folder: Path, data: bytes) -> str:
    """Return the digest under which content is kept; content that is there is left alone.

    It is written whole or not at all, whoever else writes the same.
    """
    name = digest(data)
    place = _place(folder, name)
    if place.exists():
        return name
    for each in (drafts := folder / _DRAFTS, place.parent):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=drafts)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return name


def kept(folder: Path, name: str) -> bytes:
    """Return the content kept under a digest.

    Raises
    ------
    MissingError
        When it is not there, or not what it was.
    """
    data = b""
    for place in (_aside(folder, name), _place(folder, name)):  # which may be moved meanwhile
        with suppress(FileNotFoundError):
            data = place.read_bytes()
    if digest(data) != name:
        raise MissingError(noun="photo file", noun_zh="照片文件", key=name[:12])
    return data


def _place(folder: Path, name: str) -> Path:
    """Return where content lies: the name is a digest, never anything that somebody sent."""
    if not _DIGEST.fullmatch(name):
        raise MissingError(noun="photo file", noun_zh="照片文件", key="?")
    return folder / name[:2] / name[2:4] / name


@contextmanager
def leaving(folder: Path) -> Iterator[Callable[[Iterable[str]], None]]:
    """Give what puts content aside, by digests: it is gone at the end.

    Opened around the transaction that erases the rows. Where that fails, or nobody knows whether it
    was kept, or the process is killed, the content stays aside until `settle` has asked the rows.

    Raises
    ------
    FileNotWrittenError
        When the disk does not take what is put aside: then nothing is erased.
    """
    aside: list[Path] = []

    def put(names: Iterable[str]) -> None:
        for name in names:
            place = _aside(folder, name)
            if _moved(_place(folder, name), place):
                aside.append(place)

    yield put
    _removed(aside)


def settle(folder: Path, named: Callable[[Collection[str]], Collection[str]]) -> int:
    """Return how many files were cleared that killed processes left, half written or half erased.

    Parameters
    ----------
    named
        Of digests, those that rows still name: that content goes back to its place.
    """
    drafts, aside = _old(_in(folder / _DRAFTS)), _old(_in(folder / _ASIDE))
    still = set(named([path.name for path in aside])) if aside else set()
    for path in aside:
        if path.name in still:
            _moved(path, _place(folder, path.name))
    drafts += _former(folder)
    return _removed([*drafts, *(path for path in aside if path.name not in still)])


def _former(folder: Path) -> list[Path]:
    """Return drafts of former versions; once there is none, nobody looks for them again."""
    looked = folder / _LOOKED
    if looked.exists() or not folder.is_dir():
        return []
    found = list(folder.glob(_FORMER))
    if not found:
        looked.touch(mode=0o600)
    return _old(found)


def _in(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()


def _old(paths: Iterable[Path]) -> list[Path]:
    """Return the files that came where they are long ago."""
    until, old = time.time() - _OLD_S, list[Path]()
    for path in paths:
        with suppress(FileNotFoundError):  # another process has settled it
            if path.stat().st_ctime < until:
                old.append(path)
    return old


def _moved(here: Path, there: Path) -> bool:
    """Tell whether a file was there to be moved.

    Raises
    ------
    FileNotWrittenError
        When the disk does not take it.
    """
    try:
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        here.replace(there)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FileNotWrittenError(path=there, reason=error.strerror or str(error)) from error
    return True


def _removed(paths: Collection[Path]) -> int:
    """Return how many files could be removed; of the others the log tells, and they stay aside."""
    count = 0
    for path in paths:
        try:
            path.unlink(missing_ok=True)
            count += 1
        except OSError as error:
            _LOG.warning("a photo that is erased cannot be removed: %s", error.strerror)
    return count


def _aside(folder: Path, name: str) -> Path:
    """Return where content lies that is about to be erased."""
    return folder / _ASIDE / _place(folder, name).name
