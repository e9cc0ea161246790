"""A request received, for good or for trial, through the one path that takes issues in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from api.contacts import Contacts
from api.georeport.documents import Tree
from api.georeport.handing_in import Handed
from api.georeport.reading import told_one
from api.georeport.words import NOTICE
from geo.errors import ConflictError
from geo.photos import photo_rules, read_photo
from geo.store.database import CITY_TIME, Connection
from geo.store.public import answers_of, keep_answers
from geo.store.working.issues import receive
from geo.store.working.photos import add_photo

Keep: TypeAlias = Callable[[str, Mapping[str, Tree]], None]


def received(conn: Connection, handed: Handed, folder: Path, contacts: Contacts) -> Tree:
    """Return the standard's receipt of a request; its photos are kept in the folder.

    How its reporter is reached is kept where the city keeps that.

    Raises
    ------
    ConflictError
        When it came before with other content.
    BadPhotoError
        When a file that came with it is no photo.
    """
    number = _stored(conn, handed)
    for photo in handed.photos:
        add_photo(conn, folder, int(number), photo, "before")
    contacts.keep_in(conn, int(number), handed.contact, handed.issue.reporter)
    return _receipt(number)


def rehearsed(conn: Connection, handed: Handed, keep: Keep) -> Tree:
    """Return the receipt of a request that is taken back; what it would look like is kept.

    Raises
    ------
    BadPhotoError
        When a file that came with it is no photo.
    """
    for photo in handed.photos:
        read_photo(photo, photo_rules(), zone=CITY_TIME)
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
