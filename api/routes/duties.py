"""Duties administered: given, moved and ended by whoever administers where they are held."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from api.rows import rows_in_json
from api.transactions import Person
from geo.frames import ROLES
from geo.store.database import Store, transaction
from geo.store.giving import Given, duties_within, end, give
from geo.store.net.revisions import today

router = APIRouter(prefix="/api/accounts/{party}/duties", tags=["accounts"])
_ROLE: Final = f"^({'|'.join(ROLES)})$"
Code = Annotated[str, Field(min_length=1, max_length=128, examples=["370102001001"])]


class Asked(BaseModel):
    """A duty to give, from a day (today) to before another (open); `instead` of one that ends."""

    model_config = ConfigDict(extra="forbid")

    role: Annotated[str, Field(pattern=_ROLE, examples=["grid_worker"])]
    area: Code
    net: Literal["admin", "grid"] = "admin"
    valid_from: date | None = None
    valid_to: date | None = None
    instead: Annotated[int | None, Field(ge=1, le=2**63 - 1, strict=True)] = None


class Ends(BaseModel):
    """The day from which a duty gives nothing any more; today by default."""

    model_config = ConfigDict(extra="forbid")

    on: date | None = None


@router.get("")
def listed(request: Request, person: Person, party: str) -> list[dict[str, Any]]:
    """Return a person's duties of today and to come, where whoever asks administers."""
    with transaction(_store(request).owner, person) as conn:
        return rows_in_json(duties_within(conn, party))


@router.post("", status_code=201)
def given(
    request: Request, person: Person, party: str, asked: Annotated[Asked, Body()]
) -> dict[str, int]:
    """Give a person a duty within what one administers: nobody one of her own, or above her own."""
    with transaction(_store(request).owner, person) as conn:
        begins = asked.valid_from or today(conn)
        if asked.instead is not None:
            end(conn, party, asked.instead, begins)
        made = Given(party, asked.role, asked.net, asked.area, begins, asked.valid_to)
        return {"duty": give(conn, made)}


@router.post("/{duty}/end")
def ended(
    request: Request, person: Person, party: str, *, duty: int, told: Annotated[Ends, Body()]
) -> dict[str, int]:
    """End a duty of a person: what it gave ends with it, at once or on a day to come."""
    with transaction(_store(request).owner, person) as conn:
        end(conn, party, duty, told.on or today(conn))
    return {"duty": duty}


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
