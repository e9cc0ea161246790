"""Photos of issues and tasks over HTTP: kept without metadata, shown to who may see them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Depends, Query, Request, Response

from api.photo_words import photo_told
from api.rows import rows_in_json
from api.settings import photo_folder
from api.transactions import Acting
from api.uploads import sent_file
from geo.photos import KIND, photo_rules
from geo.store.working.photos import Stage, add_photo, add_photo_of_task, photo_bytes, photos_of

router = APIRouter(prefix="/api", tags=["photos"])

# A photo never changes under its number, but who may see it does, and one browser serves several.
HEADERS: Final = {
    "cache-control": "private, no-store",
    "content-disposition": "inline",
    "cross-origin-resource-policy": "same-origin",
}


async def _photo(request: Request) -> bytes:
    """Return the photo that was sent: the body itself, or the one file of a form.

    Raises
    ------
    BadPhotoError
        When a form holds no file, or is none.
    """
    return (await sent_file(request, photo_rules().refusal)).content


def _folder(request: Request) -> Path:
    return photo_folder(request.app.state.settings)


Sent: TypeAlias = Annotated[bytes, Depends(_photo)]
Folder: TypeAlias = Annotated[Path, Depends(_folder)]


@router.post("/issues/{issue}/photos", status_code=201)
def add(
    conn: Acting, issue: int, sent: Sent, folder: Folder, stage: Annotated[Stage, Query()]
) -> dict[str, Any]:
    """Keep a photo with an issue: the body is the photo, or a form with one file.

    The answer says whether it was taken in the issue's grid or how many metres from it. The same
    photo again gets the same answer.
    """
    return photo_told(add_photo(conn, folder, issue, sent, stage))


@router.get("/issues/{issue}/photos")
def listed(conn: Acting, issue: int) -> list[dict[str, Any]]:
    """Return what is known of the photos of an issue, the oldest first."""
    return [photo_told(row) for row in rows_in_json(photos_of(conn, issue))]


@router.post("/tasks/{task}/photos", status_code=201)
def add_of_task(
    conn: Acting, task: int, sent: Sent, folder: Folder, stage: Annotated[Stage, Query()]
) -> dict[str, Any]:
    """Keep a photo with a task of no issue, as with an issue: who reads the task sees it."""
    return photo_told(add_photo_of_task(conn, folder, task, sent, stage))


@router.get("/photos/{photo}", response_class=Response)
def shown(conn: Acting, photo: int, folder: Folder) -> Response:
    """Return a photo: JPEG without metadata."""
    return Response(photo_bytes(conn, folder, photo), media_type=KIND, headers=HEADERS)
