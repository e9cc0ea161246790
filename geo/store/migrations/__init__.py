"""The versions of the store's schema, in one line; run from Python, no ini file needed.

The library that migrates is loaded when there is something to migrate: every command opens the
store, and nearly always finds its tables as they should be.
"""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, text

from geo.errors import SchemaNewerError

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).parent
_FOLLOWS: Final = re.compile(r'^down_revision = "(\d{4})"', re.MULTILINE)
# One migration at a time, whoever runs it: any fixed number serves.
_LOCK: Final = 6_437_001


def upgrade(engine: Engine, *, to: str = "head") -> tuple[str | None, str | None]:
    """Return the version before and after migrating up, in one transaction.

    Raises
    ------
    SchemaNewerError
        When a newer program made the tables.
    """
    before = current(engine)
    if before is not None and before == (newest() if to == "head" else to):
        return before, before
    return _migrate(engine, to, up=True)


def downgrade(engine: Engine, *, to: str) -> tuple[str | None, str | None]:
    """Return the version before and after migrating down; `to="base"` removes everything."""
    return _migrate(engine, to, up=False)


def current(engine: Engine) -> str | None:
    """Return the version the database is at; None for an empty one."""
    with engine.connect() as conn:
        return version_of(conn)


def newest() -> str:
    """Return the newest version this program knows: the one that no other follows."""
    known = _known()
    texts = (path.read_text("utf-8") for path in known.values())
    followed = {met[1] for text in texts if (met := _FOLLOWS.search(text))}
    return max(known.keys() - followed)


def demand_known(version: str | None) -> None:
    """Refuse the version of a newer program.

    Raises
    ------
    SchemaNewerError
        Which it is, and the newest that this program knows.
    """
    if version is not None and not is_known(version):
        raise SchemaNewerError(found=version, newest=newest())


def is_known(version: str) -> bool:
    """Tell whether this program knows a version; it knows none of a newer program."""
    return version in _known()


def run_sql(*names: str) -> None:
    """Run files of several statements each, inside the migration's transaction."""
    from alembic import op  # noqa: PLC0415 as said

    with closing(op.get_bind().connection.cursor()) as cursor:
        for name in names:
            cursor.execute((_FOLDER / "versions" / name).read_text("utf-8"))


def _known() -> dict[str, Path]:
    """Return the files of the versions that this program knows, by version."""
    return {path.name[1:5]: path for path in (_FOLDER / "versions").glob("m[0-9]*.py")}


def _migrate(engine: Engine, to: str, *, up: bool) -> tuple[str | None, str | None]:
    from alembic import command  # noqa: PLC0415 as said

    with engine.begin() as conn:
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = version_of(conn)
        demand_known(before)
        config = config_of_versions()
        config.attributes["connection"] = conn
        (command.upgrade if up else command.downgrade)(config, to)
        return before, version_of(conn)


def version_of(conn: Connection) -> str | None:
    """Return the version the database of a connection is at; None for an empty one."""
    there = conn.execute(text("select to_regclass('alembic_version')")).scalar()
    if there is None:
        return None
    found: str | None = conn.execute(text("select version_num from alembic_version")).scalar()
    return found


def config_of_versions() -> Config:
    """Return where the versions are, as the library takes it."""
    from alembic.config import Config  # noqa: PLC0415 as said

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
