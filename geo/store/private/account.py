"""The account of the operating system that the database server runs as.

PostgreSQL refuses to run as root, so root drops to `postgres`, or to `nobody` where there is no
such account. A folder under another's home (a clone in /root, mode 0700) is out of reach for that
account; then the server keeps one capability, CAP_DAC_READ_SEARCH, which lets it pass through
folders and read, and none to write. Anybody else runs the server as themselves.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import HomeOwnerError, HomeUnreachableError

_DROP_TO: Final = ("postgres", "nobody")
_READ_SEARCH: Final = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True)
class Account:
    """An account; `prefix` is put before each command when the account keeps a capability."""

    name: str
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Return what a program did, run as the account, from `/`, in a plain environment."""
        line = [*self.prefix, *map(str, command)]
        switch = os.geteuid() == 0 and not self.prefix and self.uid != 0
        return subprocess.run(  # noqa: S603 a list, no shell; programs found by geo.store.private.programs
            line,
            cwd="/",
            env=_environment(),
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
            capture_output=True,
            text=True,
            check=False,
        )

    def own(self, folder: Path) -> Path:
        """Return the folder, made if need be, belonging to the account and closed to all others.

        Raises
        ------
        HomeOwnerError
            When the folder is there and belongs to another account.
        """
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if os.geteuid() == 0:
                os.chown(folder, self.uid, self.gid)
        if (owner := folder.stat().st_uid) != self.uid:
            raise HomeOwnerError(path=folder, owner=_name_of(owner))
        folder.chmod(0o700)
        return folder


def server_account(folder: Path) -> Account:
    """Return the account the server runs as, able to reach a folder that exists.

    Raises
    ------
    HomeUnreachableError
        When the account cannot pass through the folders above, not even with the capability.
    """
    if os.geteuid() != 0:
        return Account(_name_of(os.geteuid()), os.geteuid(), os.getegid())
    plain = _dropped()
    return plain if _reaches(plain, folder) else _reaching(plain, folder)


def _dropped() -> Account:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in _DROP_TO if name in known)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _reaching(plain: Account, folder: Path) -> Account:
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        ids = (f"--reuid={plain.uid}", f"--regid={plain.gid}", "--clear-groups")
        able = Account(plain.name, plain.uid, plain.gid, (setpriv, *ids, *_READ_SEARCH))
        if _reaches(able, folder):
            return able
    raise HomeUnreachableError(account=plain.name, home=folder)


def _reaches(account: Account, folder: Path) -> bool:
    # A file's own bits say nothing about the folders above it: ask the kernel, as that account.
    return account.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a uid without an entry, as in many containers
        return str(uid)
