"""What one sees while issues are entered: candidates of an address, issues nearby, the queue."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from api.at_hand import KnownAddresses, ReporterKey
from api.entering import foreseen
from api.gazetteers import found_by, told
from api.handing_in import Intake
from api.transactions import Acting
from api.waiting import nearby, unclaimed
from geo.crs import Datum, to_wgs84
from geo.errors import MissingError
from geo.issues import Issue
from geo.store.incoming.entering import issue_numbered

router = APIRouter(prefix="/api", tags=["issues"])
Words = Annotated[str, Query(min_length=1, max_length=1000, examples=["历下区文化东路88号3号楼"])]


@router.get("/gazetteer")
def candidates(conn: Acting, q: Words, known: KnownAddresses) -> dict[str, Any]:
    """Return what an address may name, best first, in WGS 84, with what agrees and contradicts.

    `taken` is the code of the one that would be taken by itself, null where none stands out:
    never a silent best guess.
    """
    return {"q": q, **told(found_by(known(conn), q))}


@router.get("/issues/unclaimed")
def queue(
    conn: Acting, known: KnownAddresses, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> dict[str, Any]:
    """Return how many open issues nobody has claimed, and the latest, with their candidates.

    They have no position, or one outside all areas; a dispatcher puts one on the map by the step
    `place`.
    """
    return unclaimed(conn, known, limit)


@router.get("/issues/nearby")
def duplicates(
    conn: Acting,
    *,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, examples=[117.02])],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, examples=[36.66])],
    datum: Datum,
    service: Annotated[str | None, Query(max_length=128)] = None,
    text: Annotated[str, Query(max_length=1000)] = "",
) -> list[dict[str, Any]]:
    """Return open issues nearby of the same service, or one above or below it, the likeliest first.

    How near and how recent is policy (`intake.toml`); `likeness` is from 0 to 1.
    """
    x, y = (float(value) for value in to_wgs84(lon, lat, datum))
    return nearby(conn, x, y, Issue(source="web", reference="-", service=service, text=text))


@router.post("/issues/preview")
def preview(
    conn: Acting, said: Annotated[Intake, Body()], known: KnownAddresses, key: ReporterKey
) -> dict[str, Any]:
    """Return what would become of an issue if it were handed in as it is: nothing is kept.

    Where it would lie and beside which grids, whose it would be and why, when it would be due,
    which open issues nearby may be the same, and whether its reporter is known here.
    """
    return foreseen(conn, said.issue(key), known)


@router.get("/issues/numbered")
def numbered(
    conn: Acting,
    *,
    source: Annotated[str, Query(max_length=128, examples=["hotline"])],
    reference: Annotated[str, Query(max_length=128, examples=["JW-20261123-0417"])],
) -> dict[str, int]:
    """Return the issue that has this number of its source: whether an intake was kept after all."""
    if (found := issue_numbered(conn, source, reference)) is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=reference[:80])
    return {"id": found}
