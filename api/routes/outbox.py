"""What leaves: hooks, and deliveries that wait, failed or were never acknowledged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.outgoing.secrets import forget_secret, made_secret
from api.outgoing.targets import allowed, demand_target
from api.rows import rows_in_json
from api.settings import Settings
from api.transactions import Acting
from geo.outbox import limits
from geo.store.database import Connection
from geo.store.net.areas import ancestry
from geo.store.outgoing import hooks, outbox
from geo.store.outgoing.hooks import Hook
from geo.store.working.tasks import demand_duty

router = APIRouter(prefix="/api", tags=["outbox"])
_MINDS = ("approver",)  # of the area: the policies of the tables say the same

Code = Annotated[str, Field(min_length=1, max_length=128)]
Words = Annotated[tuple[Code, ...], Field(max_length=50)]
Name = Annotated[str, Field(max_length=80, examples=["city-lights"])]
State = Literal["pending", "delivered", "acknowledged", "dead", "dropped"]


class Asked(BaseModel):
    """A hook: events of these nouns and names within an area, or the tasks of a party."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    area: Code
    url: Annotated[str, Field(max_length=2000, examples=["https://lights.example.cn/in"])]
    nouns: Words = ()
    names: Words = ()
    party: Code | None = None


class Reference(BaseModel):
    """The number under which another system took a task over."""

    model_config = ConfigDict(extra="forbid")

    reference: Annotated[str, Field(min_length=1, max_length=128)]


@router.get("/hooks")
def listed(conn: Acting) -> list[dict[str, Any]]:
    """Return the hooks of the person's areas; no secret is ever shown."""
    return rows_in_json(hooks.read_hooks(conn))


@router.post("/hooks", status_code=201)
def add(request: Request, conn: Acting, asked: Annotated[Asked, Body()]) -> dict[str, str]:
    """Add a webhook; the answer holds its secret, this once."""
    chosen = _settings(request)
    demand_target(asked.url, allowed(chosen.hook_hosts))
    demand_duty(conn, _MINDS, ancestry(conn, asked.area))
    hooks.add(conn, Hook(kind="webhook", **asked.model_dump()))
    return {"name": asked.name, "secret": made_secret(chosen.home, asked.name)}


@router.delete("/hooks/{name}", status_code=204)
def remove(request: Request, conn: Acting, name: str) -> None:
    """Remove a hook: what still waits for it is not sent."""
    _demand(conn, name)
    hooks.remove(conn, name)
    forget_secret(_settings(request).home, name)


@router.get("/outbox")
def deliveries(
    conn: Acting,
    state: State | None = None,
    hook: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """Return deliveries, the newest first; `state=dead` are those that were given up."""
    return rows_in_json(outbox.read_deliveries(conn, state=state, hook=hook, limit=limit))


@router.get("/outbox/stuck")
def stuck(
    conn: Acting,
    hours: Annotated[float | None, Query(ge=0, le=87_600, allow_inf_nan=False)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """Return the hand-overs without a number of the other system for so many hours."""
    told = limits().hand_over_hours if hours is None else hours
    return rows_in_json(outbox.read_deliveries(conn, hours=told, limit=limit))


@router.post("/outbox/{delivery}/retry", status_code=202)
def retry(conn: Acting, delivery: int) -> dict[str, int]:
    """Send again what was given up."""
    outbox.retry(conn, delivery)
    return {"delivery": delivery}


@router.post("/outbox/{delivery}/acknowledge")
def acknowledge(
    conn: Acting, delivery: int, told: Annotated[Reference, Body()]
) -> dict[str, object]:
    """Write down the number under which another system took a task over."""
    outbox.acknowledge(conn, delivery, told.reference)
    return {"delivery": delivery, "reference": told.reference}


def _demand(conn: Connection, name: str) -> None:
    hook = hooks.read_hook(conn, name)
    demand_duty(conn, _MINDS, ancestry(conn, hook.area))


def _settings(request: Request) -> Settings:
    chosen: Settings = request.app.state.settings
    return chosen
