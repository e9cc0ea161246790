"""The database as a file, and back: by PostgreSQL's own programs, compared by hashes."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NamedTuple

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, text

from geo.errors import BackupProgramError, RestoredOtherwiseError
from geo.store import migrations
from geo.store.answers import question, run_parts
from geo.store.private.programs import client_program

_WHOLE: Final = "REPEATABLE READ"
# The extension is there before (its owner may be another), and with it the table it keeps.
_NOT_OURS: Final = re.compile(r" EXTENSION | TABLE DATA public spatial_ref_sys ")
# The order of rows is no part of what a table says.
_COUNTED: Final = "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"


class Dumped(NamedTuple):
    """What a dump holds: the version of the tables, of the server, rows and hash of each table."""

    schema: str
    server: int
    tables: Mapping[str, tuple[int, str]]


def dump(owner: Engine, path: Path) -> Dumped:
    """Return what was written to a file, all as of one moment; people go on working meanwhile.

    Raises
    ------
    NoClientError, BackupProgramError
        When PostgreSQL's `pg_dump` is not there, or fails.
    """
    with owner.connect().execution_options(isolation_level=_WHOLE) as conn, conn.begin():
        snapshot = str(conn.execute(text("select pg_export_snapshot()")).scalar_one())
        tables, server = tables_told(conn), _version(conn)
        _run(
            client_program("pg_dump", server),
            *("--format=custom", f"--snapshot={snapshot}", f"--file={path}"),
            conn=conn,
        )
    return Dumped(migrations.current(owner) or "", server, tables)


def tables_told(conn: Connection) -> dict[str, tuple[int, str]]:
    """Return how many rows each table of ours has, and a hash of them, whatever their order."""
    names = conn.execute(question("tables_kept")).scalars().all()
    told = {}
    for name in names:
        rows, said = conn.execute(text(f"{_COUNTED} from only {name} as t")).one()
        told[str(name)] = (int(rows), str(said))
    return told


def restore(owner: Engine, path: Path, dumped: Dumped) -> None:
    """Read a dump back into a database without tables, all of it or nothing.

    Raises
    ------
    NoClientError, BackupProgramError
        When PostgreSQL's `pg_restore` is not there, or fails.
    RestoredOtherwiseError
        When a table does not hold what was dumped.
    """
    with owner.connect() as conn:
        program = client_program("pg_restore", max(dumped.server, _version(conn)))
        with NamedTemporaryFile("w", encoding="utf-8") as listed:
            listed.write(_ours(_said(program, "--list", path)))
            listed.flush()
            how = ("--no-owner", "--single-transaction", "--exit-on-error")
            _run(program, *how, f"--use-list={listed.name}", conn=conn, last=path)
    with owner.begin() as conn:
        found = tables_told(conn)
        if other := [name for name in dumped.tables if found.get(name) != dumped.tables[name]]:
            raise RestoredOtherwiseError(tables=", ".join(other))
        run_parts(conn, "renumber_transactions")


def is_whole(path: Path, server: int) -> bool:
    """Tell whether a file is a dump that can be read to its end; nothing is written.

    Raises
    ------
    NoClientError
        When PostgreSQL's `pg_restore` is not there.
    """
    program = client_program("pg_restore", server)
    command = [str(program), f"--file={os.devnull}", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 a list, no shell
    return done.returncode == 0


def _ours(listed: str) -> str:
    return "\n".join(line for line in listed.splitlines() if not _NOT_OURS.search(line)) + "\n"


def _version(conn: Connection) -> int:
    return int(conn.execute(text("show server_version_num")).scalar_one()) // 10_000


def _run(program: Path, *words: str, conn: Connection, last: Path | None = None) -> None:
    where, secret = _reached(conn)
    after = [] if last is None else [str(last)]
    _said(program, f"--dbname={where}", *words, *after, secret=secret)


def _said(program: Path, *words: str | Path, secret: str = "") -> str:
    """Return what a program printed; its password is in no list of processes."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": secret} if secret else {})}
    done = subprocess.run(  # noqa: S603 a list, no shell, a program found by us
        [program, *words], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        reason = " / ".join(done.stderr.strip().splitlines()[:3])
        raise BackupProgramError(program=program.name, reason=reason or done.returncode)
    return done.stdout


def _reached(conn: Connection) -> tuple[str, str]:
    """Return how a program reaches the database of a connection, and the password apart."""
    url = conn.engine.url
    told = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
    secret = str(told.pop("password", ""))
    return make_conninfo("", **told), secret
