"""A backup made of a store and its photos, and read back into an empty one."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from api.settings import Settings, photo_folder
from geo.backup import DUMP, PHOTOS, checked, copy_files, files_in, new_backup, said_of
from geo.errors import BackupBrokenError, BackupNewerError, FileNotWrittenError, NotEmptyError
from geo.store import migrations
from geo.store.database import Engine, Store, empty_home, empty_url
from geo.store.dumping import Dumped, dump, held_for_restoring, is_whole, restore

# Secrets of a server, which lie in the data folder and never in a backup.
_KEYS: Final = "*.key"


class Held(NamedTuple):
    """What a backup holds, in figures; `keys` are files beside the database that it leaves out."""

    made_at: str
    schema: str
    rows: int
    photos: int
    keys: tuple[str, ...] = ()


def back_up(store: Store, chosen: Settings, folder: Path) -> Held:
    """Return what was written to a folder that was not there.

    The database first: a photo is kept before the row that names it, so no row misses its photo.

    Raises
    ------
    BackupThereError, FileNotWrittenError, NoClientError, BackupProgramError
        When it cannot be written; nothing is left then.
    """
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with new_backup(folder.absolute()) as (draft, end):
        dumped = dump(store.owner, draft / DUMP)
        copy_files(photo_folder(chosen), draft / PHOTOS)
        end({"made_at": made_at, **dumped._asdict()})
    return _held(said_of(folder))._replace(keys=_keys(chosen))


def look_into(folder: Path) -> Held:
    """Return what a backup holds, every byte of it read, nothing written.

    Raises
    ------
    BackupBrokenError
        When it is not whole.
    BackupNewerError
        When a newer program made it.
    """
    told = checked(folder)
    try:
        held, server = _held(told), int(told["server"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupBrokenError(path=folder, reason=f"manifest.json: {error}") from error
    if held.schema > migrations.newest():
        raise BackupNewerError(found=held.schema, newest=migrations.newest())
    if not is_whole(folder / DUMP, server):
        raise BackupBrokenError(path=folder, reason=DUMP)
    return held


def empty_engine(chosen: Settings) -> Engine:
    """Return the owner's engine of the database that the settings name, which has no tables.

    Raises
    ------
    NotEmptyError
        When it has some: nothing is ever restored over anything.
    """
    return empty_url(chosen.database_url) if chosen.database_url else empty_home(chosen.home)


def read_back(owner: Engine, chosen: Settings, folder: Path) -> Held:
    """Return what was read back into a database without tables, and into the data folder.

    Raises
    ------
    NotEmptyError
        When there are tables, or photos that are not of the backup.
    BackupBrokenError, BackupNewerError, NoClientError, BackupProgramError, RestoredOtherwiseError,
    FileNotWrittenError
        When it cannot be read back; there are no tables and no photos then.
    """
    held, told = look_into(folder), said_of(folder)
    photos = photo_folder(chosen)
    tables = {name: (int(rows), str(said)) for name, (rows, said) in told["tables"].items()}
    _demand_no_others(photos, folder / PHOTOS)
    with held_for_restoring(owner), _copied(folder / PHOTOS, photos):
        restore(owner, folder / DUMP, Dumped(told["schema"], int(told["server"]), tables))
    return held


def _demand_no_others(photos: Path, kept: Path) -> None:
    """Refuse photos that are not of the backup: its own are there where a restoration was killed.

    Raises
    ------
    NotEmptyError
        When there are some.
    """
    for path in files_in(photos):
        own = kept / path.relative_to(photos)
        if not (own.is_file() and filecmp.cmp(path, own, shallow=False)):
            raise NotEmptyError(found=photos)


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[None]:
    """Copy files to where they belong, at once, before what comes inside; where that fails, none.

    Whoever names them is kept after they are there: killed in between, it is done again over them.

    Raises
    ------
    FileNotWrittenError
        When the place cannot be written to.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        copy_files(source, draft)
        shutil.rmtree(target, ignore_errors=True)
        if draft.exists():
            draft.rename(target)
        yield
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise FileNotWrittenError(path=target, reason=reason) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _held(told: dict[str, Any]) -> Held:
    rows = sum(int(rows) for rows, _ in told["tables"].values())
    photos = sum(name.startswith(f"{PHOTOS}/") for name in told["files"])
    return Held(str(told["made_at"]), str(told["schema"]), rows, photos)


def _keys(chosen: Settings) -> tuple[str, ...]:
    return tuple(str(path) for path in sorted(chosen.home.glob(_KEYS)))
