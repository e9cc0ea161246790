"""A backup as a folder: the dump, the photos, and a manifest, written last, of what they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from geo.errors import BackupBrokenError, BackupThereError, FileNotWrittenError

DUMP: Final = "database.dump"
PHOTOS: Final = "photos"
_MANIFEST: Final = "manifest.json"
_FORM: Final = "jingwei backup 1"
_CHUNK: Final = 1 << 20

Files: TypeAlias = Mapping[str, str]  # SHA-256 by path in the folder


@contextmanager
def new_backup(folder: Path) -> Iterator[tuple[Path, Callable[[Mapping[str, Any]], None]]]:
    """Open a backup to be filled: a folder beside it, and what ends it with what it holds.

    It bears its name only when it is ended; whatever comes between leaves none, and a machine that
    stops at once leaves a folder without a manifest, which nothing takes for a backup.

    Raises
    ------
    BackupThereError
        When something of that name is there.
    FileNotWrittenError
        When the place cannot be written to.
    """
    if folder.exists():
        raise BackupThereError(path=folder)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    ended = False

    def end(told: Mapping[str, Any]) -> None:
        nonlocal ended
        _write_manifest(draft, told)
        draft.rename(folder)
        _keep(folder.parent)
        ended = True

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        yield draft, end
    except OSError as error:
        raise FileNotWrittenError(path=folder, reason=error.strerror or str(error)) from error
    finally:
        if not ended:
            shutil.rmtree(draft, ignore_errors=True)


def copy_files(source: Path, target: Path) -> int:
    """Return how many files were copied from a folder, as they lie in it; drafts are left out."""
    count = 0
    for path in files_in(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(path, place)
        count += 1
    return count


def checked(folder: Path) -> dict[str, Any]:
    """Return what a backup says it holds, once every file was read and is what it was.

    Raises
    ------
    BackupBrokenError
        When it is none, or a file of it is missing, changed, or one too many.
    """
    told = said_of(folder)
    there = {str(path.relative_to(folder)) for path in files_in(folder)} - {_MANIFEST}
    files: Files = told["files"]
    for name in sorted(files.keys() | there):
        if name not in there:
            raise BackupBrokenError(path=folder, reason=f"{name}: 缺少 missing")
        if name not in files:
            raise BackupBrokenError(path=folder, reason=f"{name}: 多出 not of it")
        if _digest(folder / name) != files[name]:
            raise BackupBrokenError(path=folder, reason=f"{name}: 已变 changed")
    return told


def said_of(folder: Path) -> dict[str, Any]:
    """Return what a backup says it holds; no file of it is looked at.

    Raises
    ------
    BackupBrokenError
        When it is none.
    """
    path = folder / _MANIFEST
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupBrokenError(path=folder, reason=f"{_MANIFEST}: {error}") from error
    whole: dict[str, Any] = told if isinstance(told, dict) else {}
    files = whole.get("files")
    if whole.get("form") != _FORM or not isinstance(files, dict) or DUMP not in files:
        raise BackupBrokenError(path=folder, reason=f"{_MANIFEST}: {_FORM}?")
    return whole


def _write_manifest(draft: Path, told: Mapping[str, Any]) -> None:
    files = {str(path.relative_to(draft)): _digest(path) for path in files_in(draft)}
    whole = {"form": _FORM, **told, "files": files}
    for path in files_in(draft):
        _keep(path)
    manifest = draft / _MANIFEST
    manifest.write_text(json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
    _keep(manifest)
    _keep(draft)


def files_in(folder: Path) -> list[Path]:
    """Return the files in a folder, however deep, without drafts; of no folder none."""
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(path: Path) -> None:
    """Let the disk hold what was written, before anything says that it does."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
