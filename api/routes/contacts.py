"""How the reporter of an issue is reached: shown for a reason, which history keeps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from api.contacts import Contacts
from api.transactions import Acting

router = APIRouter(prefix="/api", tags=["issues"])


class Asked(BaseModel):
    """Why somebody has to reach the reporter."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str, Field(min_length=2, max_length=200, pattern=r"\S", examples=["回访核实"])
    ]


@router.post("/issues/{issue}/contact")
def show(
    request: Request, conn: Acting, issue: int, asked: Annotated[Asked, Body()]
) -> dict[str, str]:
    """Return how the reporter of an issue is reached, where the city keeps that.

    For whoever received it, dispatches there or handles it. Who asked, when and why is kept for
    auditors.
    """
    contacts: Contacts = request.app.state.contacts
    return {"contact": contacts.show(conn, issue, asked.reason)}
