"""What the driver raises, as failures that a person can mend."""

from __future__ import annotations

import logging
from typing import Final

import psycopg
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoLineError

from geo.errors import (
    BadValueError,
    DatabaseAwayError,
    DiskFullError,
    JingweiError,
    KeptUnknownError,
    NumberTooLargeError,
    RowRefusedError,
    StoppingError,
)
from geo.store.answers import said
from geo.store.line import LineEndedError

_TOO_LARGE: Final = "22003"  # numeric_value_out_of_range
_DISK_FULL: Final = "53100"
_BEYOND: Final = "54000"  # program_limit_exceeded: a text longer than an index holds
# Where PostgreSQL holds rows against policies: missing grants have the same code, and its words
# may be of any language.
_ROW_CHECK: Final = "ExecWithCheckOptions"
_SILENT: Final = "没有回应 no answer"
_ALL_IN_USE: Final = "连接都在使用 all connections are in use"
_LOG: Final = logging.getLogger("jingwei.database")


def mendable_of(error: SQLAlchemyError, *, finishing: bool = False) -> JingweiError | None:
    """Return the failure as one that a person can mend; None where it is a fault of ours.

    Parameters
    ----------
    finishing
        Whether it came while a transaction was being committed.
    """
    if isinstance(error, NoLineError):
        return DatabaseAwayError(reason=_ALL_IN_USE)
    if not isinstance(error, DBAPIError):
        return None
    code, reason = getattr(error.orig, "sqlstate", None), said(error.orig or error)
    if isinstance(error, DataError) or code == _BEYOND:
        return NumberTooLargeError() if code == _TOO_LARGE else BadValueError(reason=reason)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        sent = finishing and not isinstance(error.orig, LineEndedError)
        unknown = sent and error.connection_invalidated
        return KeptUnknownError() if unknown else away_of(error.orig or error)
    if isinstance(error, ProgrammingError):
        return RowRefusedError(reason=reason) if _is_row_check(error) else None
    return None


def _is_row_check(error: ProgrammingError) -> bool:
    diagnosis = getattr(error.orig, "diag", None)
    return diagnosis is not None and diagnosis.source_function == _ROW_CHECK


def away_of(error: BaseException) -> DatabaseAwayError:
    """Return what is said of a server that is away; where it is, is told to the log alone."""
    _LOG.warning("%s", said(error))
    if isinstance(error, LineEndedError):
        return StoppingError()
    code = error.sqlstate if isinstance(error, psycopg.Error) else None
    if code == _DISK_FULL:
        return DiskFullError()
    return DatabaseAwayError(reason=said(error) if code else _SILENT)
