"""What a source hands in over HTTP, as JSON says it, and the answer to it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.at_hand import Counter
from api.moments import Instant
from api.reporters import Keyed
from geo.crs import Datum, to_wgs84
from geo.errors import NoDatumError
from geo.issues import Issue

Degrees = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class Intake(BaseModel):
    """What a source hands in. A position names its datum; without one the address is looked up.

    `contact` is the telephone or account of who reported it: it is not kept, only a key that tells
    the same person again (where the city's periods keep it, then encrypted). `against` is the party
    complained about, its code or its name.
    """

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, Field(max_length=128, examples=["hotline"])]
    reference: Annotated[str, Field(max_length=128, examples=["JW-20261123-0417"])]
    service: Annotated[str | None, Field(max_length=128)] = None
    text: Annotated[str, Field(max_length=20_000)] = ""
    address: Annotated[str, Field(max_length=1000)] = ""
    reported_at: Instant | None = None
    due_at: Instant | None = None
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    lon: Degrees | None = None
    lat: Degrees | None = None
    datum: Datum | None = None
    contact: Annotated[
        str | None, Field(max_length=128, pattern=r"^[^\x00]*$", examples=["13805310000"])
    ] = None
    against: Annotated[str | None, Field(max_length=128)] = None
    confidential: Annotated[bool, Field(strict=True)] = False

    def issue(self, key: Keyed) -> Issue:
        """Return the issue, its position in WGS 84, who reported it as a key.

        Raises
        ------
        NoDatumError
            When there is a position and no datum.
        """
        told = {name: getattr(self, name) for name in _AS_SAID} | {"reporter": key(self.contact)}
        if self.lon is None or self.lat is None:
            return Issue(**told, lon=self.lon, lat=self.lat)
        if self.datum is None:
            raise NoDatumError(lon=self.lon, lat=self.lat)
        lon, lat = to_wgs84(self.lon, self.lat, self.datum)
        return Issue(**told, lon=float(lon), lat=float(lat))


_AS_SAID: Final = tuple(
    name for name in Intake.model_fields if name not in ("lon", "lat", "datum", "contact")
)


async def handed_in(at: Counter, told: Intake, *, look: bool) -> JSONResponse:
    """Return the answer to an issue once it is kept; if asked to `look`, with open ones nearby."""
    taken = await at.reception.take_in(at.person, told.issue(at.key))
    if at.contacts.keeps and told.contact and (reporter := taken.issue.reporter):
        kept = (at.person, taken.receipt.id, told.contact, reporter)
        await run_in_threadpool(at.contacts.keep, *kept)
    answer = await at.reception.answer(at.person, taken, look=look)
    return JSONResponse(answer, 201 if taken.receipt.fresh else 200)
