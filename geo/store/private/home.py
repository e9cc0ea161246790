"""The data folder: where the private cluster's files lie, its lock and its generated secrets."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import HomeBusyError, HomeOwnerError
from geo.store.private.account import Account

ADMIN: Final = "jingwei_admin"
OWNER: Final = "jingwei_owner"
APP: Final = "jingwei_app"

PORT: Final = 5432
_SOCKET: Final = f".s.PGSQL.{PORT}"
_SOCKET_BYTES: Final = 107  # sun_path of Linux less its closing zero
_PLAIN_PATH: Final = re.compile(r"[\w/.\-]+")  # anything else would need quoting in settings
_WAIT_S: Final = 120.0
_PAUSE_S: Final = 0.05


@dataclass(frozen=True)
class Home:
    """The data folder, absolute. `cluster` is the server's own: mode 0700, its account's."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """The folder of the private cluster; also the place of its log."""
        return self.folder / "db"

    @property
    def data(self) -> Path:
        """The server's data; there only when complete."""
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.cluster / "server.log"

    @property
    def secrets(self) -> Path:
        """The passwords of the three roles, in the form of a PGPASSFILE, mode 0600."""
        return self.folder / "pgpass"

    @property
    def socket_note(self) -> Path:
        """The note that names a socket folder outside the home."""
        return self.cluster / "socket_folder"

    def made(self) -> Home:
        """Return the home, its folder made: others may pass through it when root made it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        return self

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home's lock: one process at a time starts or stops the server."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            owner = str(self.folder.stat().st_uid)
            raise HomeOwnerError(path=self.folder, owner=owner) from error
        try:
            _wait_for(handle, self)
            yield
        finally:
            os.close(handle)


def _wait_for(handle: int, home: Home) -> None:
    until = time.monotonic() + _WAIT_S
    while not _taken(handle):
        if time.monotonic() > until:
            raise HomeBusyError(home=home.folder, waited=round(_WAIT_S))
        time.sleep(_PAUSE_S)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def socket_folder(home: Home) -> Path:
    """Return the folder of the server's socket: noted outside the home, or in it."""
    if home.socket_note.exists():
        return Path(home.socket_note.read_text("utf-8").strip())
    return home.cluster / "socket"


def make_socket_folder(home: Home, account: Account) -> Path:
    """Return a private folder for the socket; a short one elsewhere when the home's is too long.

    A short one is written down in the home, so that any process finds it and `stop` removes it.
    """
    folder = socket_folder(home)
    if _fits(folder):
        return account.own(folder)
    short = Path(tempfile.mkdtemp(prefix="jingwei-", dir=_short_parent()))
    os.chown(short, account.uid, account.gid)
    home.socket_note.write_text(str(short), "utf-8")
    return short


def remove_socket_folder(home: Home) -> None:
    """Remove the short socket folder, if there is one, and the note of it."""
    if not home.socket_note.exists():
        return
    folder = socket_folder(home)
    remove_socket(folder)
    if folder.is_dir():
        folder.rmdir()
    home.socket_note.unlink()


def remove_socket(folder: Path) -> None:
    """Remove the socket that no server of ours listens on any more."""
    for name in (_SOCKET, f"{_SOCKET}.lock"):
        (folder / name).unlink(missing_ok=True)


def _fits(folder: Path) -> bool:
    length = len(os.fsencode(folder / _SOCKET))
    return length <= _SOCKET_BYTES and _PLAIN_PATH.fullmatch(str(folder)) is not None


def _short_parent() -> str:
    parent = tempfile.gettempdir()
    return parent if _fits(Path(parent) / "jingwei-12345678") else "/tmp"  # noqa: S108 mkdtemp is private


def make_secrets(home: Home) -> None:
    """Write fresh passwords for the three roles, unless they are there."""
    if home.secrets.exists():
        return
    lines = [f"*:*:*:{role}:{secrets.token_hex(24)}\n" for role in (ADMIN, OWNER, APP)]
    draft = home.secrets.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(lines)
    draft.rename(home.secrets)


def secret_of(home: Home, role: str) -> str:
    """Return the generated password of a role."""
    lines = home.secrets.read_text("ascii").splitlines()
    return {line.split(":")[3]: line.split(":")[4] for line in lines}[role]
