"""Embedded PostGIS: a private PostgreSQL cluster in the data folder, over a unix socket only.

Who may come in: the socket lies in a folder of mode 0700 that belongs to the server's account, so
only that account and root reach it; behind it every role signs in by SCRAM with a password
generated at the first start and kept in the home's `pgpass` (mode 0600, of whoever made the home).
That works the same as root and as anybody else, where `peer` would need a map for each account.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from geo.errors import ClusterError, LostSecretsError
from geo.store.private.account import Account, server_account
from geo.store.private.home import (
    ADMIN,
    PORT,
    Home,
    make_secrets,
    make_socket_folder,
    remove_socket,
    remove_socket_folder,
    secret_of,
    socket_folder,
)
from geo.store.private.mending import mend_for, reason_of
from geo.store.private.programs import Programs, server_programs
from geo.store.private.settings import settings

State: TypeAlias = Literal["absent", "stopped", "running"]

# A killed server leaves children that hold its shared memory for a moment.
_STILL_HELD: Final = "shared memory block"
_START_TRIES: Final = 10
_PAUSE_S: Final = 0.5
_TAIL_BYTES: Final = 2000


@dataclass(frozen=True)
class Cluster:
    """A running private cluster: where its socket is, and the file with the roles' passwords."""

    home: Home
    socket: Path
    port: int = PORT

    @property
    def passfile(self) -> Path:
        """The file that libpq takes the passwords from."""
        return self.home.secrets


@dataclass(frozen=True)
class Status:
    """How the cluster of a home stands; `pid` only while it runs."""

    state: State
    pid: int | None
    socket: Path
    log: Path


def start(folder: Path, *, durable: bool = True) -> Cluster:
    """Return the running cluster of a data folder; made and started as needed.

    Safe to call from several processes at once. `durable=False` gives up the promises of a crash
    for speed: for tests only, and only when the server is not already running.

    Raises
    ------
    NoServerError, HomeUnreachableError, HomeOwnerError, HomeBusyError, LostSecretsError
        What is missing, and what to do about it.
    ClusterError
        When a program of the server fails.
    """
    home = Home(folder.absolute()).made()
    with home.locked():
        account = server_account(home.folder)
        account.own(home.cluster)
        programs = server_programs(major=_major_of(home))
        _make(home, account, programs, durable=durable)
        if _pid(home) is not None and not (socket_folder(home) / f".s.PGSQL.{PORT}").exists():
            _stop(home, account, programs)  # its socket was swept away: nobody can reach it
        if _pid(home) is None:
            _launch(home, account, programs, durable=durable)
    return Cluster(home, socket_folder(home))


def stop(folder: Path) -> bool:
    """Stop the cluster of a data folder, keeping its data; tell whether it was running.

    Raises
    ------
    ClusterError
        When the server does not stop.
    """
    home = Home(folder.absolute())
    if not home.data.exists():
        return False
    with home.locked():
        running = _pid(home) is not None
        if running:
            _stop(home, server_account(home.folder), server_programs(major=_major_of(home)))
        remove_socket_folder(home)
    return running


def status(folder: Path) -> Status:
    """Return how the cluster of a data folder stands, changing nothing."""
    home = Home(folder.absolute())
    pid = _pid(home)
    made: State = "stopped" if home.data.exists() else "absent"
    return Status("running" if pid else made, pid, socket_folder(home), home.log)


def _make(home: Home, account: Account, programs: Programs, *, durable: bool) -> None:
    """Make the cluster under another name, so that a half-made one is never taken for a whole."""
    if home.data.exists():
        if not home.secrets.exists():
            raise LostSecretsError(path=home.secrets)
        return
    make_secrets(home)
    draft, password = home.cluster / "data.new", home.cluster / "password"
    shutil.rmtree(draft, ignore_errors=True)
    account.run("/bin/sh", "-c", 'umask 077 && : > "$0"', password)
    password.write_text(secret_of(home, ADMIN), "ascii")
    try:
        _must(
            account.run(
                programs.folder / "initdb",
                *("-D", draft, "-U", ADMIN, "--pwfile", password, "-E", "UTF8"),
                *("--auth-local=scram-sha-256", "--auth-host=reject", "--locale=C.UTF-8"),
                *(() if durable else ("--no-sync",)),
            ).stderr,
            home,
            step="initdb",
            done=(draft / "global" / "pg_control").exists(),
        )
    finally:
        password.unlink(missing_ok=True)
    draft.rename(home.data)


def _launch(home: Home, account: Account, programs: Programs, *, durable: bool) -> None:
    _clear_leftovers(home)
    socket = make_socket_folder(home, account)
    told = settings(programs.major, durable=durable)
    _write_settings(home, {**told, "unix_socket_directories": str(socket)})
    command = (programs.folder / "pg_ctl", "-D", home.data, "-w", "-t", "60", "-l", home.log)
    for _ in range(_START_TRIES):
        done = account.run(*command, "start")
        if done.returncode == 0 or _STILL_HELD not in _tail(home):
            break
        time.sleep(_PAUSE_S)
    _must(_tail(home) or done.stderr, home, step="start", done=done.returncode == 0)
    # Its checkpointer looks at `archive_timeout` only when it wakes next: after a crash in minutes.
    account.run(programs.folder / "pg_ctl", "-D", home.data, "reload")


def _write_settings(home: Home, told: dict[str, str]) -> None:
    lines = [f"{name} = '{value}'\n" for name, value in told.items()]
    # ALTER SYSTEM still wins, but for what each session says: what is set by hand is kept.
    (home.data / "jingwei.conf").write_text("".join(lines), "utf-8")
    main = home.data / "postgresql.conf"
    include = "include 'jingwei.conf'\n"
    if include not in main.read_text("utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(include)
    (home.data / "jingwei.conf").chmod(0o644)  # inside a folder of mode 0700


def _stop(home: Home, account: Account, programs: Programs) -> None:
    done = account.run(
        *(programs.folder / "pg_ctl", "-D", home.data, "-w", "-t", "60", "-m", "fast", "stop")
    )
    _must(done.stderr, home, step="stop", done=done.returncode == 0)


def _pid(home: Home) -> int | None:
    """Return the server's process, if its pid file names one that really is our server."""
    pid, words = _noted_process(home)
    return pid if bytes(home.data) in words else None


def _noted_process(home: Home) -> tuple[int | None, list[bytes]]:
    """Return the process that the pid file names and the words of its command, if it is alive."""
    try:
        pid = int((home.data / "postmaster.pid").read_text("utf-8").splitlines()[0])
        return pid, Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return None, []


def _clear_leftovers(home: Home) -> None:
    """Remove what a dead server of ours left and a new one would take for a living one's.

    A number in the pid file may by now be another program's (the machine was restarted) or a
    zombie's (a container without an init). Orphans of the old server are found by the new one.
    """
    pid, words = _noted_process(home)
    if pid is not None and b"postgres" not in os.path.basename(words[0]):  # noqa: PTH119 bytes
        (home.data / "postmaster.pid").unlink(missing_ok=True)
    remove_socket(socket_folder(home))


def _major_of(home: Home) -> int | None:
    version = home.data / "PG_VERSION"
    return int(version.read_text("ascii")) if version.exists() else None


def failed(home: Home, step: str, said: str = "") -> ClusterError:
    """Return the error that a step failed: why, by what was said or the end of the log."""
    told = said or _tail(home)
    mend = mend_for(told)
    reason = reason_of(told)
    return ClusterError(step=step, reason=reason, todo_zh=mend.zh, todo_en=mend.en, log=home.log)


def _must(said: str, home: Home, *, step: str, done: bool) -> None:
    if not done:
        raise failed(home, step, said)


def _tail(home: Home) -> str:
    if not home.log.exists():
        return ""
    return home.log.read_bytes()[-_TAIL_BYTES:].decode("utf-8", "replace")
