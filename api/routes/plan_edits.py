"""A draft edited live: one edit a request, answered with the figures of the grids it touched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeAlias

import numpy as np
import shapely
from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.atom_loads import atom_loads
from api.comparing import drawn_over, plan_row
from api.drawing import ground_packed, labels_told, told
from api.packing import unpacked_for
from api.persons import others_told
from api.transactions import Acting
from api.versions import IfMatchDemanded, etag
from api.workbench import Done, Workbench
from geo import edits
from geo.crs import Datum, to_wgs84
from geo.errors import NotAwaitedError
from geo.store.net.areas import departmental_nets, read_over
from geo.store.planning.comments import mark_of_comments
from geo.store.planning.presence import others_on
from maps.geojson import feature_collection

router = APIRouter(prefix="/api/plans", tags=["edits"])

# More than any grid, community or subdistrict of this country has.
_MOST_ATOMS: Final = 20_000
_MOST_GRIDS: Final = 20_000
_MOST_POINTS: Final = 2_000
Code = Annotated[str, Field(min_length=1, max_length=128)]
Grids = Annotated[list[Code], Field(min_length=1, max_length=_MOST_GRIDS)]
Lon = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-180, le=180)]
Lat = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-90, le=90)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Move(_Edit):
    """Atoms to a grid of their community; without a grid, to a new one."""

    kind: Literal["move"]
    atoms: Annotated[list[Code], Field(min_length=1, max_length=_MOST_ATOMS)]
    grid: Code | None = None

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.Move(tuple(self.atoms), self.grid)


class Split(_Edit):
    """A grid parted along a line, whose points name their datum."""

    kind: Literal["split"]
    grid: Code
    line: Annotated[list[tuple[Lon, Lat]], Field(min_length=2, max_length=_MOST_POINTS)]
    datum: Datum

    def edit(self) -> edits.Edit:
        """Return the edit, its line in WGS 84."""
        given = np.asarray(self.line, np.float64)
        lon, lat = to_wgs84(given[:, 0], given[:, 1], self.datum)
        return edits.Split(self.grid, shapely.linestrings(lon, lat))


class Merge(_Edit):
    """Grids of one community made one, under the code of the first."""

    kind: Literal["merge"]
    grids: Grids

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.Merge(tuple(self.grids))


class Special(_Edit):
    """Atoms of one community cut out as a special grid, which no redraw touches; its name."""

    kind: Literal["special"]
    atoms: Annotated[list[Code], Field(min_length=1, max_length=_MOST_ATOMS)]
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.Special(tuple(self.atoms), self.name.strip())


class Locking(_Edit):
    """Grids that are to stay as they are, or no longer; without grids, all there are."""

    kind: Literal["lock", "unlock"]
    grids: Grids | None = None

    def edit(self) -> edits.Edit:
        """Return the edit."""
        codes = None if self.grids is None else tuple(self.grids)
        return edits.Lock(codes) if self.kind == "lock" else edits.Unlock(codes)


class Travel(_Edit):
    """The last change taken back, or made again."""

    kind: Literal["undo", "redo"]

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.Undo() if self.kind == "undo" else edits.Redo()


class Recount(_Edit):
    """The households of the atoms as those of the buildings on them are now."""

    kind: Literal["recount"]


class Redraw(_Edit):
    """A community, or a subdistrict, drawn anew around what is locked."""

    kind: Literal["redraw"]
    within: Code
    seed: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    quality: Literal["draft", "fast", "best"] = "fast"

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.Redraw(self.within, self.seed, self.quality)


Asked: TypeAlias = Annotated[
    Move | Split | Merge | Special | Locking | Travel | Redraw | Recount, Body(discriminator="kind")
]


def _bench(request: Request) -> Workbench:
    bench: Workbench = request.app.state.workbench
    return bench


async def _hung_up(request: Request) -> Callable[[], bool]:
    """Return what tells, in the thread of a route, whether its asker is off the line."""
    loop = asyncio.get_running_loop()
    return lambda: asyncio.run_coroutine_threadsafe(request.is_disconnected(), loop).result()


Bench: TypeAlias = Annotated[Workbench, Depends(_bench)]


@router.get("/{plan}/draft")
def looked_at(
    conn: Acting,
    plan: int,
    *,
    bench: Bench,
    response: Response,
    labels: Annotated[bool, Query(description="With the grid of each atom")] = False,
) -> dict[str, Any]:
    """Return the figures of every grid of a plan; the ETag names the version for an edit.

    With `labels` also the grid of each atom, in the order of `/api/plans/{plan}/ground`.
    """
    done = bench.look(conn, plan)
    return _answered(done, response) | (labels_told(done.bench) if labels else {})


@router.get("/{plan}/ground")
def drawn_on(request: Request, conn: Acting, plan: int, bench: Bench) -> Response:
    """Return the atoms of a plan, and who borders on whom: what no edit of it changes."""
    packed = ground_packed(bench.read(conn, plan))
    return unpacked_for(request, packed, "application/geo+json")


@router.get("/{plan}/base")
def over(conn: Acting, plan: int) -> dict[str, Any]:
    """Return what a draft is drawn over: its scope, today's figures, what has changed since."""
    return drawn_over(conn, plan)


@router.get("/{plan}/loads")
def borne(conn: Acting, plan: int, bench: Bench) -> dict[str, Any]:
    """Return the issues of the last quarter and the people on each atom of a plan, counts alone."""
    return atom_loads(conn, plan, bench.read(conn, plan))


@router.get("/{plan}/nets")
def nets(conn: Acting, plan: int) -> list[dict[str, str]]:
    """Return departments' nets that a plan may be held against: `net`, and `name` as people say."""
    plan_row(conn, plan)
    return departmental_nets(conn)


@router.get("/{plan}/nets/{net}")
def net(conn: Acting, plan: int, net: Annotated[str, Path(max_length=64)]) -> Response:
    """Return the areas of a department's net on the ground of a plan: code, name (EPSG:4326)."""
    found = read_over(conn, net, str(plan_row(conn, plan)["scope"]))
    return Response(feature_collection(found), media_type="application/geo+json")


@router.post("/{plan}/edits")
def edited(
    conn: Acting,
    plan: int,
    *,
    asked: Asked,
    bench: Bench,
    response: Response,
    seen: IfMatchDemanded,
    hung_up: Annotated[Callable[[], bool], Depends(_hung_up)],
) -> dict[str, Any]:
    """Make one edit of a draft and return the figures of the grids it touched.

    If-Match names the version that was seen: of two editors at once the second is told (412), and
    overwrites nothing. A recount also tells the `counts` that differ, by atom, and the grids that
    have `fallen` out of band by it; so do its undo and redo. A redraw whose asker has hung up by
    the time it is done is not kept.
    """
    if isinstance(asked, Recount):
        done = bench.recount(conn, plan, version=seen)
    else:
        done = bench.edit(conn, plan, asked.edit(), version=seen)
    if isinstance(asked, Redraw) and hung_up():
        raise NotAwaitedError
    return _answered(done, response)


class Here(BaseModel):
    """Where a person is on a draft: the tool in hand, and the place it was last at."""

    model_config = ConfigDict(extra="forbid")

    tool: Annotated[str, Field(max_length=16, examples=["brush"])] = ""
    at: Annotated[tuple[Lon, Lat] | None, Field(examples=[[117.03, 36.66]])] = None


@router.post("/{plan}/here")
def here(conn: Acting, plan: int, said: Annotated[Here, Body()]) -> dict[str, Any]:
    """Say that the person has a plan open, and return who else has: WGS 84, newest first.

    `comments` is another number once something has been said about the plan, or settled.
    """
    row = plan_row(conn, plan)
    others = others_on(conn, plan, said.tool, said.at)
    return {
        "version": int(row["version"]),
        "others": others_told(conn, others),
        "comments": mark_of_comments(conn, plan),
    }


def _answered(done: Done, response: Response) -> dict[str, Any]:
    """Return what an edit did as JSON takes it, its version in the ETag."""
    response.headers["etag"] = etag(done.version)
    return told(done)
