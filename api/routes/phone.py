"""What a signed link reaches, as data: its tasks, their steps and photos, the land around them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Header, Query, Response

from api.at_hand import KnownAddresses
from api.links.acting import ByLink
from api.links.cards import may_by_link, phone_told, task_told
from api.links.ground import ground_told
from api.photo_words import photo_told
from api.routes.handling import Told
from api.routes.photos import HEADERS, Folder, Sent
from api.versions import IfMatch, etag
from geo.errors import MissingError, NotOfLinkError, TaskGoneError
from geo.issues import edge_named
from geo.photos import KIND
from geo.store.net.areas import areas_called
from geo.store.working.alone import act_alone
from geo.store.working.asked_once import is_first
from geo.store.working.handling import act
from geo.store.working.links import reached, task_of_photo
from geo.store.working.photos import Stage, add_photo, add_photo_of_task, photo_bytes

router = APIRouter(prefix="/api/phone/{link}", tags=["phone"])

_MOST_CALLED: Final = 8  # as many as a phone shows

Key = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=8,
        max_length=128,
        description="Chosen by whoever asks: under the same one nothing is done twice.",
    ),
]


@router.get("")
def opened(linked: ByLink) -> dict[str, Any]:
    """Return what a link opens: its one task, or all that its party has to do on its day."""
    return phone_told(linked)


@router.post("/device", status_code=204)
def bound(linked: ByLink) -> None:
    """Keep the link for this device alone: somebody has touched its page."""
    del linked  # whatever is done binds it


@router.get("/tasks/{task}")
def one(linked: ByLink, task: int, response: Response) -> dict[str, Any]:
    """Return a task that the link reaches, with the steps its holder may take now; its ETag."""
    told = task_told(linked, task)
    response.headers["etag"] = etag(told["version"])
    return told


@router.get("/tasks/{task}/ground")
def ground(linked: ByLink, task: int) -> dict[str, Any] | None:
    """Return the land around a task: its grid, roads, buildings, in whole steps from one corner."""
    told = task_told(linked, task)
    return ground_told(linked.conn, told["grid"], told["lon"], told["lat"])


@router.get("/grids/called")
def called(
    linked: ByLink,
    q: Annotated[str, Query(min_length=1, max_length=128, examples=["文庙社区第3网格"])],
) -> list[dict[str, Any]]:
    """Return grids in force with these letters in the name, to hand a task over to."""
    return areas_called(linked.conn, q, _MOST_CALLED, kind="grid")


@router.post("/tasks/{task}/steps")
def move(
    linked: ByLink,
    task: int,
    told: Annotated[Told, Body()],
    known: KnownAddresses,
    response: Response,
    *,
    seen: IfMatch,
    key: Key = None,
) -> dict[str, Any]:
    """Take one step with a task of the link, as its holder; with a key it is taken once."""
    conn, link = linked
    asked = f"{task} {told.model_dump_json()}".encode()  # by whichever link of the party
    if not is_first(conn, key, asked):
        return one(linked, task, response)
    found = reached(conn, link, task)
    if not found.is_held:
        raise TaskGoneError(task=task)
    if not may_by_link(edge_named(told.step)):
        raise NotOfLinkError(what=f"{told.step}, task {task}")
    mine = told.model_copy(update={"task": task})
    if found.issue is None:
        act_alone(conn, task, mine.order(conn, 0, known), version=seen)
    else:
        act(conn, found.issue, mine.order(conn, found.issue, known), version=seen)
    return one(linked, task, response)


@router.post("/tasks/{task}/photos", status_code=201)
def add(
    linked: ByLink, task: int, sent: Sent, folder: Folder, stage: Annotated[Stage, Query()]
) -> dict[str, Any]:
    """Keep a photo with the issue of a task, or with one of none; again gets the same answer."""
    found = reached(linked.conn, linked.opened, task)
    if not found.is_held:
        raise TaskGoneError(task=task)
    if found.issue is None:
        return photo_told(add_photo_of_task(linked.conn, folder, task, sent, stage))
    return photo_told(add_photo(linked.conn, folder, found.issue, sent, stage))


@router.get("/photos/{photo}", response_class=Response)
def shown(linked: ByLink, photo: int, folder: Folder) -> Response:
    """Return a photo of a task that the link reaches: JPEG without metadata."""
    task = task_of_photo(linked.conn, linked.opened, photo)
    if task is None:
        raise MissingError(noun="photo", noun_zh="照片", key=photo)
    return Response(photo_bytes(linked.conn, folder, photo), media_type=KIND, headers=HEADERS)
