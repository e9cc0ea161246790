"""Issues handled: seen one by one with what may be done, and moved step by step."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.at_hand import KnownAddresses
from api.calling import calling
from api.gazetteers import Known, spot_of
from api.issue_card import card
from api.problems import PROBLEM_TYPE, problem_body, said_of
from api.several import steps_taken
from api.several_told import answers_told
from api.statuses import status_of
from api.transactions import Acting
from api.versions import IfMatch, etag
from api.way_there import way_to_issue
from geo.crs import Datum, to_wgs84
from geo.errors import NoDatumError
from geo.issues import Order, Outcome
from geo.store.database import Connection
from geo.store.working.handling import act, look, metres_away
from geo.store.working.several import Ask

router = APIRouter(prefix="/api/issues", tags=["issues"])
_MOST: Final = 2000  # letters of a reason or a result
MOST_STEPS: Final = 200  # in one request: their issues are locked until all are taken

Code = Annotated[str, Field(min_length=1, max_length=128)]
Text = Annotated[str, Field(max_length=_MOST)]
Whole = Annotated[int, Field(ge=1, le=2**63 - 1, strict=True)]


class Told(BaseModel):
    """One step, by its name in the table of edges; a task where the issue has several.

    `grid` stands for whoever leads it, where no party is named. `assists` come along, of `send`
    (beside those of the list, where it says who leads) and of `whistle`. `place` takes a position,
    one of the candidates of the issue's address, or the `area` (a community or subdistrict) that it
    lies in where nobody knows where.
    """

    model_config = ConfigDict(extra="forbid")

    step: Annotated[str, Field(max_length=32, examples=["send"])]
    task: Whole | None = None
    party: Code | None = None
    reason: Text = ""
    result: Text = ""
    days: Annotated[float | None, Field(gt=0, le=365, allow_inf_nan=False)] = None
    review_on: date | None = None
    into: Whole | None = None
    outcome: Outcome | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    called: Annotated[tuple[Whole, ...], Field(max_length=200)] = ()
    parties: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    assists: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    emergency: bool = False
    for_reporter: bool = False
    grid: Code | None = None
    candidate: Annotated[str | None, Field(max_length=140, examples=["building:B1"])] = None
    lon: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    area: Code | None = None
    datum: Datum | None = None

    def order(self, conn: Connection, issue: int, known: Known) -> Order:
        """Return the order; a position is where the issue is put, or else how far from it one is.

        Raises
        ------
        NoDatumError
            When there is a position and no datum.
        """
        told = self.model_dump(exclude={"lon", "lat", "datum", "candidate"})
        if self.step == "place" and self.candidate is not None:
            return Order(**told, **spot_of(conn, issue, self.candidate, known))
        if self.lon is None or self.lat is None:
            return Order(**told)
        if self.datum is None:
            raise NoDatumError(lon=self.lon, lat=self.lat)
        lon, lat = (float(value) for value in to_wgs84(self.lon, self.lat, self.datum))
        if self.step == "place":
            return Order(**told, lon=lon, lat=lat)
        return Order(**told, away_m=metres_away(conn, issue, lon, lat))


class ToldOf(Told):
    """One step with one of several issues; with a version only if it is still that one."""

    issue: Whole
    version: Whole | None = None

    def ask(self, known: Known) -> Ask:
        """Return the step as it is asked of the store; the order is made when its turn comes."""
        told = Told(**self.model_dump(exclude={"issue", "version"}))
        made = partial(_order, told, self.issue, known)
        return Ask(self.issue, self.version, made, self.into)


class Several(BaseModel):
    """Steps with several issues, taken in this order; `together`: all of them or none."""

    model_config = ConfigDict(extra="forbid")

    steps: Annotated[tuple[ToldOf, ...], Field(min_length=1, max_length=MOST_STEPS)]
    together: bool = False


def _order(told: Told, issue: int, known: Known, conn: Connection) -> Order:
    return told.order(conn, issue, known)


@router.post("/steps")
def move_several(
    conn: Acting, told: Annotated[Several, Body()], request: Request, known: KnownAddresses
) -> JSONResponse:
    """Take steps with several issues, at most 200, and answer for each, in the order asked.

    Each may name the `version` that was seen (as If-Match does for one); one that was refused has
    written nothing and says why in `problem`, with the `status` it would have had alone. With
    `together` one refusal takes all back: the answer is then a problem (409) with the same
    `answers`, 424 for those that could have been taken.
    """
    taken = steps_taken(conn, [one.ask(known) for one in told.steps], together=told.together)
    if taken.refusal is None:
        return JSONResponse(answers_told(taken))
    status = status_of(taken.refusal)
    body = problem_body(status, said_of(taken.refusal), request.url.path)
    return JSONResponse({**body, **answers_told(taken)}, status, media_type=PROBLEM_TYPE)


@router.get("/{issue}")
def one(request: Request, conn: Acting, issue: int, response: Response) -> dict[str, Any]:
    """Return one issue with its tasks, history, and the steps the person may take; and its ETag.

    `contact` tells whether how its reporter is reached may be asked for.
    """
    found = look(conn, issue)
    response.headers["etag"] = etag(found.version)
    told, contacts = card(conn, found), request.app.state.contacts
    return {**told, "contact": contacts.keeps and told["reporter"] is not None}


@router.get("/{issue}/way")
def way(conn: Acting, issue: int) -> dict[str, Any]:
    """Return where an issue is: the land around it, coordinates, links that open it in a map.

    Each link has the order and the datum of its map; `ground` is what a phone is told of a task.
    """
    return way_to_issue(conn, issue)


@router.get("/{issue}/whistle")
def callable_(conn: Acting, issue: int) -> dict[str, Any]:
    """Return whom an issue may be whistled for, why and how much they have to do, and who signs.

    Departments that the responsibility list names for the service here come first, `lead` says as
    what; of each how many whistles and joint tasks are open, how many overdue, and after how many
    minutes it was on the spot (the median of 90 days). `signers` approve over the place, whoever is
    nearest first.
    """
    return calling(conn, issue)


@router.post("/{issue}/steps")
def move(
    conn: Acting,
    issue: int,
    told: Annotated[Told, Body()],
    response: Response,
    known: KnownAddresses,
    *,
    request: Request,
    seen: IfMatch,
) -> dict[str, Any]:
    """Take one step with an issue; with If-Match only if it is still the version that was seen."""
    act(conn, issue, told.order(conn, issue, known), version=seen)
    return one(request, conn, issue, response)
