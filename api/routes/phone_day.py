"""What a link to a day reaches beside its tasks: own grids, doors, and what its party found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.at_hand import KnownAddresses
from api.gazetteers import placed
from api.links.acting import ByLink
from api.links.day import doors_told, grids_told, own_grids
from api.moments import Instant
from api.photo_words import photo_told
from api.routes.photos import Folder, Sent
from geo.crs import Datum, to_wgs84
from geo.doors import Found
from geo.errors import BadIssueError
from geo.issues import Issue
from geo.store.working.asked_once import is_first
from geo.store.working.doors import Visit, visit
from geo.store.working.issues import receive
from geo.store.working.links import reported
from geo.store.working.photos import Stage, add_photo

router = APIRouter(prefix="/api/phone/{link}", tags=["phone"])

# How long before it came what was done without a network may have been: phones keep no longer.
_LONGEST: Final = timedelta(days=14)

Code = Annotated[str, Field(min_length=1, max_length=128)]
Noted = Annotated[
    Instant | None,
    Field(description="When it was done, by the city's clock, where there was no network."),
]
Key = Annotated[
    str,
    Header(
        alias="idempotency-key",
        min_length=8,
        max_length=100,
        pattern=r"^[0-9A-Za-z_-]+$",
        description="Chosen by whoever asks: under the same one nothing is done twice.",
    ),
]


class Visited(BaseModel):
    """What was found at a door; no names, no telephones."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"building": "B1", "door": "B1-2-401", "found": "nobody", "note": ""}]
        },
    )

    building: Code
    door: Code
    found: Found
    note: Annotated[str, Field(max_length=500)] = ""
    noted_at: Noted = None


class Report(BaseModel):
    """What somebody found on the way: where the phone says, the map was moved to, or by address."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    address: Annotated[str, Field(max_length=300)] = ""
    lon: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    datum: Datum = "wgs84"
    accuracy_m: Annotated[float | None, Field(ge=0, le=100_000, allow_inf_nan=False)] = None
    noted_at: Noted = None

    def issue(self, reference: str) -> Issue:
        """Return what is handed in, its position in WGS 84.

        Raises
        ------
        BadIssueError
            When neither a position nor an address says where it is.
        """
        lon, lat = self.lon, self.lat
        if lon is not None and lat is not None:
            lon, lat = (float(value) for value in to_wgs84(lon, lat, self.datum))
        elif not self.address.strip():
            raise BadIssueError(field="address", reason_zh="没有位置，也没有写在哪里",
                                reason="there is neither a position nor an address")  # fmt: skip
        return Issue(
            source="patrol", reference=reference, text=self.text, address=self.address,
            lon=lon, lat=lat, accuracy_m=self.accuracy_m, reported_at=_done(self.noted_at),
        )  # fmt: skip


def _key_of(told: BaseModel) -> str:
    """Return what is done once under a key, whenever it was done."""
    return told.model_dump_json(exclude={"noted_at"})


def _done(noted: datetime | None) -> datetime:
    """Return when something was done: as a phone noted it, where that can be; else now."""
    now = datetime.now(UTC)
    return noted if noted is not None and now - _LONGEST < noted < now else now


@router.get("/grids")
def grids(linked: ByLink) -> list[dict[str, Any]]:
    """Return the grids of the link's party: borders, buildings, service points and stations."""
    return grids_told(linked)


@router.get("/doors")
def doors(linked: ByLink, building: Annotated[str, Query(max_length=128)]) -> dict[str, Any]:
    """Return the doors of a building by unit and floor, what was found, and which to try next."""
    return doors_told(linked, building)


@router.post("/visits", status_code=201)
def visited(linked: ByLink, told: Annotated[Visited, Body()], key: Key) -> dict[str, Any]:
    """Write down what was found at a door, as a visit that is done; once under a key."""
    conn, link = linked
    own_grids(linked)
    if is_first(conn, key, f"visit {_key_of(told)}".encode()):
        visit(
            conn,
            link.party,
            Visit(**told.model_dump(exclude={"noted_at"}), at=_done(told.noted_at)),
        )
    return doors_told(linked, told.building)


@router.post("/reports", status_code=201)
def report(
    linked: ByLink, told: Annotated[Report, Body()], key: Key, known: KnownAddresses
) -> dict[str, Any]:
    """Take in what was found on the way; the same again under its key gets the same answer.

    Without a position it is placed by its address, where one candidate stands out; else it is
    unclaimed.
    """
    conn = linked.conn
    own_grids(linked)
    if not is_first(conn, key, f"report {_key_of(told)}".encode()):
        return {"issue": reported(conn, key), "reference": key}
    issue, _ = placed(conn, told.issue(key), known)
    return {"issue": receive(conn, issue).id, "reference": key}


@router.post("/reports/{reference}/photos", status_code=201)
def photo(
    linked: ByLink,
    reference: Annotated[str, Path(max_length=100)],
    sent: Sent,
    folder: Folder,
    stage: Annotated[Stage, Query()],
) -> dict[str, Any]:
    """Keep a photo with what was found, by the key it was reported under."""
    own_grids(linked)
    issue = reported(linked.conn, reference)
    return photo_told(add_photo(linked.conn, folder, issue, sent, stage))
