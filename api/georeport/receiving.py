"""A request received, for good or for trial, through the one path that takes issues in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from api.georeport.documents import Tree
from api.georeport.handing_in import Handed
from api.georeport.reading import told_one
from api.georeport.words import NOTICE
from geo.errors import ConflictError
from geo.store.database import Connection
from geo.store.public import answers_of, keep_answers
from geo.store.working.issues import receive

Keep: TypeAlias = Callable[[str, Mapping[str, Tree]], None]


def received(conn: Connection, handed: Handed) -> Tree:
    """Return the standard's receipt of a request.

    Raises
    ------
    ConflictError
        When it came before with other content.
    """
    return _receipt(_stored(conn, handed))


def rehearsed(conn: Connection, handed: Handed, keep: Keep) -> Tree:
    """Return the receipt of a request that is taken back; what it would look like is kept."""
    with conn.begin_nested() as trial:
        number = _stored(conn, handed)
        if (shown := told_one(conn, number)) is not None:
            keep(number, shown)
        trial.rollback()
    return _receipt(number)


def _stored(conn: Connection, handed: Handed) -> str:
    issue = handed.issue
    receipt = receive(conn, issue)
    if receipt.fresh:
        keep_answers(conn, receipt.id, handed.answers)
    elif answers_of(conn, receipt.id) != handed.answers:
        raise ConflictError(source=issue.source, reference=issue.reference)
    return str(receipt.id)


def _receipt(number: str) -> Tree:
    return [{"service_request_id": number, "service_notice": NOTICE, "account_id": None}]
