"""Imports: whole frames into the store, all or nothing inside the caller's transaction.

Rows are copied into a temporary table and merged as sets. What is the same as before is left
alone, so importing a file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd
from sqlalchemy import Connection, and_, func, insert, select, text

from geo.frames import AREAS, DUTIES, PARTIES, PLACES, SERVICES
from geo.issues.forms import form
from geo.store.answers import question
from geo.store.events import record
from geo.store.incoming import batches
from geo.store.merging import merge, refusing, touch
from geo.store.net.revisions import (
    add_revision,
    hold_alone,
    lock_net,
    refresh_paths,
    retire_and_add,
)
from geo.store.schema.tables import IMPORT_BATCH, ISSUE
from geo.store.staging import stage

_TOUCHED_NETS: Final = text("select distinct net from pg_temp.touched order by net")


@dataclass(frozen=True)
class Counts:
    """What an import did, in rows.

    `clashes` (issues only) are there with other content and were left alone, `conflicts` their
    keys; `revisions` the new revision of each net that has one (areas only).
    """

    new: int
    changed: int
    same: int
    clashes: tuple[batches.Clash, ...] = ()
    revisions: Mapping[str, int] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The keys of what was left alone."""
        return tuple(clash.key for clash in self.clashes)


def open_batch(
    conn: Connection, noun: str, *, file: str = "", sha256: str = "", report: object = None
) -> int:
    """Return the number of a new import; its rows refer to it.

    Parameters
    ----------
    file, sha256
        The name (not the path) and digest of the file.
    report
        The importer's report, as it goes to JSON.
    """
    row = {"noun": noun, "file": file, "sha256": sha256, "report": report or {}}
    made_by = func.coalesce(func.acting_person(), "")
    query = insert(IMPORT_BATCH).values(**row, made_by=made_by).returning(IMPORT_BATCH.c.id)
    return int(conn.execute(query).scalar_one())


def commit_areas(conn: Connection, frame: pd.DataFrame, batch: int) -> Counts:
    """Return what importing areas did: new and changed ones make the next revision of their net.

    Areas that are not in the frame stay as they are.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    UnknownParentError
        When a parent is neither in the frame nor in force.
    """
    staged = stage(conn, frame, AREAS)
    nets = conn.execute(text(f"select distinct net from {staged} order by net")).scalars().all()
    for net in nets:
        lock_net(conn, net)
    new, changed = touch(conn, staged)
    revisions: dict[str, int] = {}
    if new or changed:
        refresh_paths(conn)
        revisions = _put_in_force(conn, batch)
        conn.execute(text("analyze area"))
        hold_alone(conn)
    record(conn, "import", batch, "commit_areas", {"new": new, "changed": changed})
    return Counts(new, changed, len(frame) - new - changed, revisions=revisions)


def _put_in_force(conn: Connection, batch: int) -> dict[str, int]:
    """Return the new revision of each net that `pg_temp.touched` has areas of, in force now."""
    revisions = {}
    with refusing(AREAS.name):
        for net in conn.execute(_TOUCHED_NETS).scalars().all():
            revisions[net] = add_revision(conn, net, "import", batch=batch)
            retire_and_add(conn, net, revisions[net])
    return revisions


def commit_lanes(conn: Connection, frame: pd.DataFrame, batch: int) -> Counts:
    """Return what importing lanes did: they are areas of the net `lane`, of kind `lane`."""
    lanes = frame.assign(net="lane", kind="lane")
    return commit_areas(conn, lanes, batch)


def commit_places(conn: Connection, frame: pd.DataFrame, batch: int) -> Counts:
    """Return what importing places did; a changed place is changed where it stands.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    """
    return Counts(*merge(conn, frame, PLACES, batch))


def commit_services(conn: Connection, frame: pd.DataFrame, batch: int) -> Counts:
    """Return what importing the catalogue of services did.

    Raises
    ------
    BadFormError
        When the form of a service is not one.
    """
    if "form" in frame.columns:
        for code, asked in frame[["code", "form"]].dropna().itertuples(index=False):
            form(str(asked), str(code))
    return Counts(*merge(conn, frame, SERVICES, batch))


def commit_people(conn: Connection, frame: pd.DataFrame, batch: int) -> Counts:
    """Return what importing parties did, or duties where the frame has a column `role`.

    Raises
    ------
    UnknownPartyError, UnknownParentError
        When a duty's party is not there, or a party's parent is not.
    """
    contract = DUTIES if "role" in frame.columns else PARTIES
    counts = Counts(*merge(conn, frame, contract, batch))
    if contract is DUTIES:
        conn.execute(question("number_rows"))
    return counts


def commit_issues(
    conn: Connection, frame: pd.DataFrame, batch: int, *, of_all: bool = True
) -> Counts:
    """Return what importing issues did: new ones are assigned, the known are left as they are.

    Same (source, reference) and same content: same. Other content: listed in `clashes`; so is what
    is not the acting person's to know of, unless it is told `of_all`.
    """
    new, same, clashes = batches.receive_frame(conn, frame, batch, of_all=of_all)
    record(conn, "import", batch, "commit_issues", {"new": new, "conflicts": len(clashes)})
    return Counts(new, 0, same, clashes=clashes)


def services_kept(conn: Connection, keys: pd.DataFrame) -> pd.Series:
    """Return the service that an issue has in the store, missing where there is none; aligned.

    Parameters
    ----------
    keys
        `source` and `reference` of issues.
    """
    asked = select(ISSUE.c.source, ISSUE.c.reference, ISSUE.c.service).where(
        ISSUE.c.source.in_(keys["source"].unique().tolist()),
        ISSUE.c.reference.in_(keys["reference"].tolist()),
    )
    known = {(row.source, row.reference): row.service for row in conn.execute(asked)}
    pairs = zip(keys["source"], keys["reference"], strict=True)
    return pd.Series([known.get(pair) for pair in pairs], index=keys.index, dtype="object")


def last_issue(conn: Connection) -> int:
    """Return the highest number of an issue, 0 where there is none."""
    return int(conn.execute(select(func.coalesce(func.max(ISSUE.c.id), 0))).scalar_one())


def fates(conn: Connection, batch: int, after: int) -> dict[str, int]:
    """Return what became of the new issues of an import.

    `by_address`: got their positions so; `sent`: by a rule; `closed`: by their source, before they
    came; `unclaimed`: lie in no area of ours.

    Parameters
    ----------
    after
        The highest number of an issue before the import: those after it are looked at.
    """
    marks = {
        "by_address": ISSUE.c.located_by == "address",
        "sent": ISSUE.c.state.not_in(["new", "closed"]),
        "closed": ISSUE.c.state == "closed",
        "unclaimed": and_(func.cardinality(ISSUE.c.path) == 0, ISSUE.c.state != "closed"),
    }
    counts = (func.count().filter(mark).label(name) for name, mark in marks.items())
    asked = select(*counts).where(ISSUE.c.id > after, ISSUE.c.batch == batch)
    return {name: int(n) for name, n in conn.execute(asked).mappings().one().items()}


# How the rows of each noun are kept.
COMMITS: Final[Mapping[str, Callable[[Connection, pd.DataFrame, int], Counts]]] = {
    "areas": commit_areas,
    "places": commit_places,
    "lanes": commit_lanes,
    "issues": commit_issues,
    "parties": commit_people,
    "duties": commit_people,
    "services": commit_services,
}
