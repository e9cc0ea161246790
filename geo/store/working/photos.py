"""Photos of issues, and of tasks of none: kept once, each with whether it was taken there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import pandas as pd
from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import insert

from geo.errors import MissingError, PhotoElsewhereError
from geo.names import STAGE_NAMES
from geo.photos import KIND, Photo, Taken, digest, photo_rules, read_photo
from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME
from geo.store.events import record
from geo.store.schema.tables import ATTACHMENT, ISSUE, TASK
from geo.store.working.blobs import keep, kept

Stage: TypeAlias = Literal["before", "after", "other"]
Finding: TypeAlias = Literal["inside", "away", "unplaced", "no_grid"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
_SHOWN: Final = ("id", "stage", "kind", "size", "width", "height", "taken_at", "finding",
                 "away_m", "made_by", "made_at")  # fmt: skip


_NOUNS: Final = {"issue": "诉求", "task": "任务"}
_PATHS: Final = {
    "issue": select(ISSUE.c.path).where(ISSUE.c.id == bindparam("number")),
    "task": select(case((TASK.c.confidential, []), else_=TASK.c.path)).where(
        TASK.c.id == bindparam("number"), TASK.c.issue.is_(None)
    ),
}


class Of(NamedTuple):
    """What a photo is of: an issue, or a task of none, by its number."""

    noun: Literal["issue", "task"]
    number: int

    def rows(self) -> tuple[ColumnElement[bool], ...]:
        """Return what is true of the rows of its photos."""
        named = ATTACHMENT.c[self.noun] == self.number
        return (named,) if self.noun == "issue" else (named, ATTACHMENT.c.issue.is_(None))


class Found(NamedTuple):
    """Where a photo was taken: in the issue's grid, so many metres away, or nobody knows."""

    finding: Finding
    away_m: float | None


def add_photo(
    conn: Connection, folder: Path, issue: int, data: bytes, stage: Stage
) -> dict[str, Any]:
    """Return what is known of a photo, kept with an issue; the same photo again: the same answer.

    Parameters
    ----------
    folder
        Where files are kept.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    BadPhotoError
        When it is no photo, too large, or the issue has as many as it may have.
    PhotoElsewhereError
        When the issue has it as one of another stage.
    """
    return _add(conn, folder, Of("issue", issue), data, stage)


def add_photo_of_task(
    conn: Connection, folder: Path, task: int, data: bytes, stage: Stage
) -> dict[str, Any]:
    """Return what is known of a photo kept with a task of no issue; all else as `add_photo`.

    Whoever may not read a confidential task learns of no photo of it.
    """
    return _add(conn, folder, Of("task", task), data, stage)


def _add(conn: Connection, folder: Path, of: Of, data: bytes, stage: Stage) -> dict[str, Any]:
    path = _path_of(conn, of)
    if (known := _known(conn, of, digest(data))) is not None:
        return _again(known, stage)
    rules = photo_rules()
    if _count(conn, of) >= rules.each:
        raise rules.refusal(f"本件已有 {rules.each} 张", f"there are {rules.each} of it already")
    photo = read_photo(data, rules, zone=CITY_TIME)
    found = _found(conn, of, photo.taken)
    row = _row(photo, found, stage) | {of.noun: of.number, "path": path}
    keep(folder, photo.data)
    person = func.coalesce(func.acting_person(), "")
    made = insert(ATTACHMENT).values(**row, made_by=person).on_conflict_do_nothing()
    number = conn.execute(made.returning(ATTACHMENT.c.id)).scalar()
    told = _known(conn, of, photo.sha256)
    if told is None:
        raise MissingError(noun="photo", noun_zh="照片", key=photo.sha256[:12])
    if number is not None:
        detail = {"photo": {"id": number, "stage": stage, **found._asdict()}}
        record(conn, of.noun, of.number, "photo", detail, path=path)
    return _again(told, stage)


def photos_of(conn: Connection, issue: int) -> pd.DataFrame:
    """Return the photos of an issue, the oldest first.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    return _listed(conn, Of("issue", issue))


def photos_of_task(conn: Connection, task: int) -> pd.DataFrame:
    """Return the photos of a task of no issue, the oldest first.

    Raises
    ------
    MissingError
        When the task is not there, of an issue, or not for the acting person to see.
    """
    return _listed(conn, Of("task", task))


def _listed(conn: Connection, of: Of) -> pd.DataFrame:
    _path_of(conn, of)
    asked = select(*(ATTACHMENT.c[name] for name in _SHOWN)).where(*of.rows())
    return rows_of(conn, asked.order_by(ATTACHMENT.c.id))


def photos_of_each(
    conn: Connection, noun: Literal["issue", "task"], numbers: Sequence[int]
) -> pd.DataFrame:
    """Return the photos of many issues, or tasks of none, the oldest first; `of` says of which."""
    named = ATTACHMENT.c[noun]
    asked = select(named.label("of"), *(ATTACHMENT.c[name] for name in _SHOWN))
    asked = asked.where(named.in_(list(numbers)))
    if noun == "task":
        asked = asked.where(ATTACHMENT.c.issue.is_(None))
    return rows_of(conn, asked.order_by(ATTACHMENT.c.id))


def photo_bytes(conn: Connection, folder: Path, photo: int) -> bytes:
    """Return a photo itself: JPEG.

    Raises
    ------
    MissingError
        When it is not there, or is of what the acting person may not see.
    """
    asked = select(ATTACHMENT.c.stored).where(ATTACHMENT.c.id == photo)
    stored = conn.execute(asked).scalar()
    if stored is None:
        raise MissingError(noun="photo", noun_zh="照片", key=photo)
    return kept(folder, stored)


def named_by_rows(conn: Connection, names: Collection[str]) -> Collection[str]:
    """Return those of the digests of kept files that a photo has; by the owner's role."""
    asked = select(ATTACHMENT.c.stored).where(ATTACHMENT.c.stored.in_(names))
    return set(conn.execute(asked).scalars())


def _path_of(conn: Connection, of: Of) -> list[str]:
    """Return the areas that a photo is told in; of what is confidential in none."""
    path: list[str] | None = conn.execute(_PATHS[of.noun], {"number": of.number}).scalar()
    if path is None:
        raise MissingError(noun=of.noun, noun_zh=_NOUNS[of.noun], key=of.number)
    return path


def _known(conn: Connection, of: Of, sha256: str) -> RowMapping | None:
    asked = select(*(ATTACHMENT.c[name] for name in _SHOWN))
    return (
        conn.execute(asked.where(*of.rows(), ATTACHMENT.c.sha256 == sha256))
        .mappings()
        .one_or_none()
    )


def _again(known: RowMapping, stage: Stage) -> dict[str, Any]:
    if known["stage"] != stage:
        (stage_zh, held), (asked_zh, asked) = STAGE_NAMES[known["stage"]], STAGE_NAMES[stage]
        told = {"stage_zh": stage_zh, "asked_zh": asked_zh}
        raise PhotoElsewhereError(stage=held, asked=asked, **told)
    return dict(known)


def _count(conn: Connection, of: Of) -> int:
    asked = select(func.count()).where(*of.rows())
    return int(conn.execute(asked).scalar_one())


def _found(conn: Connection, of: Of, taken: Taken) -> Found:
    """Return where a photo was taken: beside the issue's grid at intake, or the task's now."""
    values = {"issue": None, "task": None, "lon": taken.lon, "lat": taken.lat}
    row = conn.execute(question("photo_away"), values | {of.noun: of.number}).one()
    if taken.lon is None:
        return Found("unplaced", None)
    if not row.has_grid:
        return Found("no_grid", None)
    away = round(float(row.grid_m), 1)
    return Found("away", away) if away > 0 else Found("inside", 0.0)


def _row(photo: Photo, found: Found, stage: Stage) -> dict[str, Any]:
    return {
        "stage": stage, "sha256": photo.sha256, "stored": photo.stored, "kind": KIND,
        "size": len(photo.data), "width": photo.width, "height": photo.height,
        "taken_at": photo.taken.at, **found._asdict(),
    }  # fmt: skip
