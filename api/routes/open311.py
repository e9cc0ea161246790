"""Open311 GeoReport v2: discovery, services, requests and tokens, in XML and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Depends, Request, Response

from api.at_hand import KnownAddresses, ReporterKey
from api.gazetteers import placed
from api.georeport.asking import resource, wanted
from api.georeport.documents import Tree, form_of, reply
from api.georeport.door import PERSON, demand_jurisdiction, demand_key, door_of
from api.georeport.handing_in import (
    Sent,
    first,
    handed,
    reference,
    reporters,
    sent,
    service_called,
)
from api.georeport.reading import discovery_told, number_of, told, told_one
from api.georeport.receiving import received, rehearsed
from api.georeport.rehearsal import Rehearsal
from api.georeport.words import definition_told, services_told
from api.settings import Door, photo_folder
from geo.errors import MissingError
from geo.issues.forms import form
from geo.store.database import Connection, transaction
from geo.store.public import offered_services

PRODUCTION: Final = "/open311/v2"
TRIAL: Final = "/open311/test/v2"
READ: Final = ("GET", "HEAD")
_REPORTED: Final = "service_requests"

router = APIRouter(include_in_schema=False)
v2 = APIRouter(include_in_schema=False)


def _opened(request: Request) -> Door:
    door = door_of(request)
    demand_jurisdiction(door, request.query_params.get("jurisdiction_id", "").strip())
    return door


Opened: TypeAlias = Annotated[Door, Depends(_opened)]


def _reading(request: Request, _door: Opened) -> Iterator[Connection]:
    with transaction(request.app.state.store.app, PERSON) as conn:
        yield conn


Public: TypeAlias = Annotated[Connection, Depends(_reading, scope="function")]


def _rehearsal(request: Request) -> Rehearsal | None:
    """Return where trials are kept, when the request came to the test endpoint."""
    kept: Rehearsal = request.app.state.rehearsal
    return kept if request.url.path.startswith(TRIAL) else None


Told: TypeAlias = Annotated[Sent, Depends(sent)]
Trial: TypeAlias = Annotated[Rehearsal | None, Depends(_rehearsal)]


@router.api_route("/open311/{name}", methods=[*READ])
def discover(request: Request, conn: Public, door: Opened, name: str) -> Response:
    """Return where the endpoints are."""
    if resource(name) != "discovery":
        raise MissingError(noun="resource", noun_zh="资源", key=name[:80])
    base = str(request.base_url).rstrip("/")
    return reply(form_of(request), "discovery", discovery_told(conn, door, base))


@v2.api_route("/{name}", methods=[*READ])
def lists(request: Request, conn: Public, door: Opened, trial: Trial, name: str) -> Response:
    """Return the services that are offered, or the requests that are asked for."""
    match resource(name):
        case "services":
            tree = services_told(offered_services(conn))
            return reply(form_of(request), "services", tree)
        case "requests":
            return reply(form_of(request), _REPORTED, _requests(request, conn, trial))
        case "discovery":  # clients look for it here too
            return discover(request, conn, door, name)
        case _:
            raise MissingError(noun="resource", noun_zh="资源", key=name[:80])


def _requests(request: Request, conn: Connection, trial: Rehearsal | None) -> Tree:
    asked = wanted(request.query_params, datetime.now(UTC))
    tried = [] if trial is None else trial.among(asked)
    return [*tried, *told(conn, asked)]


@v2.api_route("/services/{name:path}", methods=[*READ])
def definition(request: Request, conn: Public, name: str) -> Response:
    """Return the form of a service."""
    code, questions = service_called(conn, resource(name))
    tree = definition_told(code, form(questions, code))
    return reply(form_of(request), "service_definition", tree)


@v2.api_route("/requests/{name:path}", methods=[*READ])
def one(request: Request, conn: Public, trial: Trial, name: str) -> Response:
    """Return one request."""
    number = resource(name)
    tried = None if trial is None else trial.get(number)
    found = told_one(conn, number) if tried is None else tried
    if found is None:
        raise MissingError(noun="service_request_id", noun_zh="诉求", key=number[:80])
    return reply(form_of(request), _REPORTED, [found])


@v2.api_route("/tokens/{name:path}", methods=[*READ])
def token(request: Request, conn: Public, trial: Trial, name: str) -> Response:
    """Return the number of the request that a token stands for.

    Numbers are given at once here, so a number is also its own token.
    """
    asked = resource(name)
    tried = asked if trial is not None and trial.get(asked) is not None else None
    number = tried or number_of(conn, asked)
    if number is None:
        raise MissingError(noun="token", noun_zh="凭据", key=asked[:80])
    return reply(form_of(request), _REPORTED, [{"service_request_id": number, "token": asked}])


@v2.post("/{name}")
def report(
    request: Request,
    conn: Public,
    door: Opened,
    trial: Trial,
    *,
    key: ReporterKey,
    known: KnownAddresses,
    told: Told,
    name: str,
) -> Response:
    """Receive a request: for good, or on the test endpoint for trial."""
    if resource(name) != "requests":
        raise MissingError(noun="resource", noun_zh="资源", key=name[:80])
    api_key = first(told.fields, "api_key")
    demand_key(request, door, api_key)
    demand_jurisdiction(door, first(told.fields, "jurisdiction_id"))
    number = reference(api_key, request.headers.get("idempotency-key"))
    reporter = {name: key(contact) for name, contact in reporters(told.fields).items()}
    case = handed(conn, told, number=number, reporter=reporter)
    case = case._replace(issue=placed(conn, case.issue, known)[0])
    if trial is not None:
        return reply(form_of(request), _REPORTED, rehearsed(conn, case, trial.keep))
    folder = photo_folder(request.app.state.settings)
    contacts = request.app.state.contacts
    return reply(form_of(request), _REPORTED, received(conn, case, folder, contacts))


router.include_router(v2, prefix=PRODUCTION)
router.include_router(v2, prefix=TRIAL)
