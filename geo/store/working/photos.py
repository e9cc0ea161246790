"""Photos of issues: kept once, each with whether it was taken where the issue lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import pandas as pd
from sqlalchemy import Connection, RowMapping, func, select
from sqlalchemy.dialects.postgresql import insert

from geo.errors import MissingError, PhotoElsewhereError
from geo.photos import KIND, Photo, Taken, digest, photo_rules, read_photo
from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME
from geo.store.events import record
from geo.store.schema.tables import ATTACHMENT, ISSUE
from geo.store.working.blobs import keep, kept

Stage: TypeAlias = Literal["before", "after", "other"]
Finding: TypeAlias = Literal["inside", "away", "unplaced", "no_grid"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
_SHOWN: Final = ("id", "stage", "kind", "size", "width", "height", "taken_at", "finding",
                 "away_m", "made_by", "made_at")  # fmt: skip


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
    path = _path_of(conn, issue)
    if (known := _known(conn, issue, digest(data))) is not None:
        return _again(known, stage)
    rules = photo_rules()
    if _count(conn, issue) >= rules.each:
        raise rules.refusal(f"本件已有 {rules.each} 张", f"the issue has {rules.each} already")
    photo = read_photo(data, rules, zone=CITY_TIME)
    found = _found(conn, issue, photo.taken)
    row = _row(photo, found, stage) | {"issue": issue, "path": path}
    keep(folder, photo.data)
    person = func.coalesce(func.acting_person(), "")
    made = insert(ATTACHMENT).values(**row, made_by=person).on_conflict_do_nothing()
    number = conn.execute(made.returning(ATTACHMENT.c.id)).scalar()
    told = _known(conn, issue, photo.sha256)
    if told is None:
        raise MissingError(noun="photo", noun_zh="照片", key=photo.sha256[:12])
    if number is not None:
        detail = {"photo": {"id": number, "stage": stage, **found._asdict()}}
        record(conn, "issue", issue, "photo", detail, path=path)
    return _again(told, stage)


def photos_of(conn: Connection, issue: int) -> pd.DataFrame:
    """Return the photos of an issue, the oldest first.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    _path_of(conn, issue)
    asked = select(*(ATTACHMENT.c[name] for name in _SHOWN)).where(ATTACHMENT.c.issue == issue)
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


def _path_of(conn: Connection, issue: int) -> list[str]:
    path: list[str] | None = conn.execute(select(ISSUE.c.path).where(ISSUE.c.id == issue)).scalar()
    if path is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    return path


def _known(conn: Connection, issue: int, sha256: str) -> RowMapping | None:
    asked = select(*(ATTACHMENT.c[name] for name in _SHOWN))
    same = (ATTACHMENT.c.issue == issue, ATTACHMENT.c.sha256 == sha256)
    return conn.execute(asked.where(*same)).mappings().one_or_none()


def _again(known: RowMapping, stage: Stage) -> dict[str, Any]:
    if known["stage"] != stage:
        raise PhotoElsewhereError(stage=known["stage"], asked=stage)
    return dict(known)


def _count(conn: Connection, issue: int) -> int:
    asked = select(func.count()).where(ATTACHMENT.c.issue == issue)
    return int(conn.execute(asked).scalar_one())


def _found(conn: Connection, issue: int, taken: Taken) -> Found:
    """Return where a photo was taken, beside the grid that the issue lay in at intake."""
    values = {"issue": issue, "lon": taken.lon, "lat": taken.lat}
    row = conn.execute(question("photo_away"), values).one()
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
