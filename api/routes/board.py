"""A dispatcher's board: its queues, its list, its map, its hot spots; and the figures of a wall."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Depends, Query, Response

from api.board import (
    areas_told,
    board_told,
    cells_told,
    figures_told,
    listed_told,
    newest_told,
    spots_told,
)
from api.moments import Instant
from api.transactions import Acting
from geo.hotspots import Sought
from geo.issues import IssueState
from geo.store.working.board import Card, Frame, Kind, Queue, Sight

router = APIRouter(prefix="/api/board", tags=["board"])
_ROWS: Final = 60
_MOST_ROWS: Final = 200
_CELL_PX: Final = 10  # side of a cell on the screen
_WORLD_PX: Final = 256  # of a map at zoom 0
Code = Annotated[str | None, Query(max_length=64)]
Named = Annotated[str | None, Query(max_length=128)]
Degrees = Annotated[float, Query(allow_inf_nan=False, ge=-180, le=180)]
People = Annotated[bool, Query(description="How many different people reported, too")]
Words = Annotated[str | None, Query(max_length=200, pattern="^[^\\x00]*$", examples=["路灯"])]


def _within(
    *,
    scope: Code = None,
    area: Code = None,
    since: Instant | None = None,
    until: Instant | None = None,
    queue: Queue | None = None,
) -> Sight:
    return Sight(scope=scope, area=area, since=since, until=until, queue=queue)


def _sight(
    within: Annotated[Sight, Depends(_within)],
    *,
    service: Named = None,
    source: Named = None,
    state: IssueState | None = None,
    is_open: bool | None = None,
    words: Words = None,
    card: Card | None = None,
) -> Sight:
    chosen = within._replace(service=service, source=source, state=state, is_open=is_open)
    return chosen._replace(words=words, card=card)


Seen: TypeAlias = Annotated[Sight, Depends(_sight)]


@router.get("")
def board(
    conn: Acting,
    sight: Seen,
    days: Annotated[
        int | None,
        Query(ge=1, le=366, description="This many up to the last of the scope that has any"),
    ] = None,
    *,
    people: People = False,
) -> dict[str, Any]:
    """Return how many issues wait in each queue, and how many came each day.

    With `days` the answer says in `since` and `until` which period that is; other questions of the
    board name it so. Queues are counted whatever queue is chosen; days in it, over all time.
    """
    return board_told(conn, sight, days, datetime.now(UTC), people=people)


@router.get("/issues")
def listed(
    conn: Acting,
    sight: Seen,
    limit: Annotated[int, Query(ge=1, le=_MOST_ROWS)] = _ROWS,
    away: Annotated[int, Query(ge=0, le=10_000_000, description="Rows shown already")] = 0,
) -> Response:
    """Return the next issues of a queue, as `/api/issues.geojson` tells them: the latest first.

    Of those due soon the first due stands first.
    """
    told = listed_told(conn, sight, datetime.now(UTC), limit=limit, away=away)
    return Response(told, media_type="application/geo+json")


@router.get("/cells")
def cells(
    conn: Acting,
    sight: Seen,
    *,
    west: Degrees,
    south: Degrees,
    east: Degrees,
    north: Degrees,
    zoom: Annotated[float, Query(ge=0, le=24, allow_inf_nan=False)] = 14,
) -> dict[str, Any]:
    """Return a view of the map in cells: [lon, lat, issues, reporters], and `marks` if few.

    A cell is so wide as ten px at the zoom. `marks`: each issue, where there are fewer than 500.
    """
    side = 360 / _WORLD_PX / 2**zoom * _CELL_PX
    frame = Frame(west, south, east, north, side)
    return cells_told(conn, sight, frame, datetime.now(UTC))


@router.get("/areas")
def areas(
    conn: Acting,
    sight: Seen,
    kind: Kind = "grid",
    *,
    solved: Annotated[bool, Query(description="The share solved in the grid, too")] = False,
    people: People = False,
) -> list[dict[str, Any]]:
    """Return for each area that has any: issues, open ones, overdue ones."""
    return areas_told(conn, sight, kind, datetime.now(UTC), solved=solved, people=people)


@router.get("/spots")
def spots(
    conn: Acting,
    sight: Seen,
    most: Annotated[int, Query(ge=1, le=20)] = 5,
    reach_m: Annotated[float, Query(ge=30, le=5000, description="Near enough to count")] = 120,
) -> list[dict[str, Any]]:
    """Return hot spots between `since` and `until`: where, what it is called, how many; and before.

    Dense far beyond the rest of the area, by DBSCAN over counted cells. `before` counts the period
    of the same length before, inside the same outline.
    """
    return spots_told(conn, sight, datetime.now(UTC), Sought(reach_m, most=most))


@router.get("/newest")
def newest(
    conn: Acting, sight: Seen, limit: Annotated[int, Query(ge=1, le=50)] = 6
) -> list[dict[str, Any]]:
    """Return the issues that came last, for a wall: when, how far, about what, in which grid."""
    return newest_told(conn, sight, datetime.now(UTC), limit=limit)


@router.get("/figures")
def figures(conn: Acting, scope: Code = None) -> dict[str, Any]:
    """Return what a wall shows of the last eight days: rates by day and in all, arrivals, today."""
    return figures_told(conn, scope, datetime.now(UTC))
