"""A database of somebody else's server, made ready for the tables: what it must be, and have."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from geo.errors import (
    DatabaseEncodingError,
    DatabaseSetupError,
    DatabaseUrlError,
    ServerTooOldError,
)
from geo.store.answers import question, said
from geo.store.private.home import APP

LEAST_MAJOR: Final = 15  # of PostgreSQL: unique indexes that take two nulls for the same
_ENCODING: Final = "UTF8"
_ABOUT: Final = text(
    "select current_setting('server_version') as version,"
    " current_setting('server_version_num')::integer / 10000 as major,"
    " current_setting('server_encoding') as encoding"
)
_STEPS: Final = {
    "PostGIS": "CREATE EXTENSION IF NOT EXISTS postgis",
    f"role {APP}": f"CREATE ROLE {APP}; GRANT {APP} TO CURRENT_USER",
    f"membership in {APP}": f"GRANT {APP} TO CURRENT_USER",
}
_THERE: Final = {
    "PostGIS": "select from pg_extension where extname = 'postgis'",
    f"role {APP}": f"select from pg_roles where rolname = '{APP}'",
    f"membership in {APP}": f"select where pg_has_role(current_user, '{APP}', 'MEMBER')",
}


def prepare_foreign(owner: Engine) -> None:
    """Give the database PostGIS and the app role, unless they are there.

    Raises
    ------
    DatabaseUrlError
        When nobody answers there.
    ServerTooOldError, DatabaseEncodingError
        When it cannot hold the tables; nothing of it is changed.
    DatabaseSetupError
        When PostGIS or the app role is missing and the account may not create it.
    """
    try:
        _demand_fit(owner)
        for missing, command in _STEPS.items():
            _ensure(owner, _THERE[missing], missing, command)
        with owner.begin() as conn:
            conn.execute(question("indexes_under_security"))
    except OperationalError as error:
        raise DatabaseUrlError(reason=said(error.orig or error)) from error


def _demand_fit(owner: Engine) -> None:
    with owner.connect() as conn:
        told = conn.execute(_ABOUT).one()
    if told.major < LEAST_MAJOR:
        raise ServerTooOldError(found=told.version, least=LEAST_MAJOR)
    if told.encoding != _ENCODING:
        raise DatabaseEncodingError(found=told.encoding)


def _ensure(owner: Engine, there: str, missing: str, command: str) -> None:
    with owner.connect() as conn:
        if conn.execute(text(there)).first() is not None:
            return
    try:
        with owner.begin() as conn:
            for statement in command.split("; "):
                conn.execute(text(statement))
    except ProgrammingError as error:
        raise DatabaseSetupError(missing=missing, sql=command) from error
