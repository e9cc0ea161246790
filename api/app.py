"""The web application: pages, data and static files of one store."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Receive, Scope, Send

from api import problems
from api.contacts import contacts_of
from api.description import describe
from api.gazetteers import Gazetteers
from api.georeport.rehearsal import Rehearsal
from api.intake_desk import IntakeDesk
from api.intake_door import IntakeDoor
from api.late import Late
from api.limits import body_limits
from api.links.pace import Pace
from api.packing import EXCLUDED, LEAST, LEVEL, NamedFiles
from api.policy import BodyLimit, SecurityHeaders, unforeseen_kept_close
from api.roster import Roster
from api.routes import (
    accounts,
    areas,
    audit,
    board,
    calendar,
    contacts,
    duties,
    gazetteer,
    handling,
    health,
    imports,
    inbox,
    issue_files,
    issues,
    leading,
    ledgers,
    links,
    lookup,
    metrics,
    notices,
    open311,
    outbox,
    pages,
    people,
    phone,
    phone_day,
    phone_pages,
    plan_comments,
    plan_edits,
    plan_files,
    plans,
    residents,
    reviews,
    revisions,
    routing,
    sign_in,
    stream,
    tasks,
    tiles,
)
from api.routes import photos as photo_routes
from api.settings import Door, Settings, is_https, settings
from api.signing_in.city import city_door
from api.signing_in.entrance import Entrance
from api.streaming.hub import Hub
from api.streaming.leaving import leaving
from api.ticking import Lifespan
from api.tile_door import TileDoor
from api.tile_shelf import TileShelf
from api.tile_wire import AT_HAND, AtHand
from api.together import together
from api.watching.calls import Watch
from api.workbench import Workbench
from geo.outbox import limits
from geo.store.database import Store
from geo.store.line import for_people
from maps.assets import ROOT, STATIC

# A page elsewhere whose name is made to point at this machine must not pass for a local one.
LOCAL_NAMES: Final = ("127.0.0.1", "localhost", "[::1]", "testserver")
# Nothing listens; asking each call whether something does takes a thirtieth of an intake.
_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
_PARTS: Final = (
    issues,  # asked most, and looked for in this order
    pages,
    areas,
    board,
    plans,
    plan_comments,
    plan_edits,
    plan_files,
    revisions,
    issue_files,
    imports,
    gazetteer,
    handling,
    contacts,
    photo_routes,
    reviews,
    tasks,
    inbox,
    leading,
    routing,
    ledgers,
    calendar,
    people,
    accounts,
    duties,
    audit,
    sign_in,
    links,
    phone,
    phone_day,
    phone_pages,
    lookup,
    metrics,
    notices,
    open311,
    outbox,
    residents,
    stream,
    tiles,
    health,
)


class _Application(FastAPI):
    """The application; tiles are answered before it looks at anything, kept ones before that."""

    watch: Watch
    tile_door: TileDoor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, watched."""
        if scope["type"] == "http":
            await self.watch.call(self._answer, scope, receive, send)
            return
        if scope["type"] == "lifespan" and "state" in scope:
            scope["state"][AT_HAND] = AtHand(self.tile_door, self.watch)
        await super().__call__(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not await self.tile_door.answers(self, scope, send):
            await super().__call__(scope, receive, send)


def _names(door: Door, chosen: Settings) -> list[str]:
    """Return the names this server answers to: local ones, of a public Open311, for phones."""
    public = urlsplit(door.url).hostname if door.opening == "public" else None
    ours = (urlsplit(url).hostname for url in (chosen.phone_url, chosen.url))
    return [*LOCAL_NAMES, *filter(None, (public, *ours))]


def create_app(
    store: Store,
    *,
    person: str,
    lifespan: Lifespan | None = None,
    reporter_secret: bytes | None = None,
    door: Door | None = None,
    chosen: Settings | None = None,
) -> FastAPI:
    """Return the application over a migrated store.

    Parameters
    ----------
    store
        Its engines are used, not closed.
    person
        Code of the demo person a browser on this machine acts as until it chooses another.
    lifespan
        What runs beside the requests: the clock of plans (`api.ticking.ticking`), in a server.
    reporter_secret
        What reporters' keys are made with; None: that of the settings, read when it is needed.
    door
        How far Open311 is open; None: as the settings say.
    chosen
        The data folder and what may be sent to; those of the environment by default.
    """
    store = Store(for_people(store.owner), store.app)
    hub, shelf, watch = Hub(store, limits()), TileShelf(store), Watch()
    door, chosen = door or settings().door, chosen or settings()
    names = _names(door, chosen)
    beside = (hub.lifespan, leaving, shelf.lifespan, watch.measures.lifespan)
    # FastAPI's own documentation pages load scripts from outside; the description itself stays.
    app = _Application(
        title="经纬 Jingwei",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        telemetry=_NO_TELEMETRY,
        lifespan=together(*beside, *([lifespan] if lifespan else [])),
    )
    app.state.default_person, app.state.reporter_secret = person, reporter_secret
    app.state.hub, app.state.shelf, app.state.watch = hub, shelf, watch
    _furnish(app, store, door, chosen)
    app.watch, app.tile_door = watch, TileDoor(shelf, names, app.state.entrance)
    _wrap(app, names)
    _answer(app)
    return app


def _furnish(app: FastAPI, store: Store, door: Door, chosen: Settings) -> None:
    """Put at hand what routes use: `api.at_hand` says what each is."""
    state = app.state
    state.store, state.door, state.settings = store, door, chosen
    state.incoming, state.late = set(), Late()
    state.intake_desk, state.gazetteers, state.roster = (
        IntakeDesk(store),
        Gazetteers(),
        Roster(store),
    )
    state.workbench, state.rehearsal = Workbench(), Rehearsal()
    state.pace = Pace(store.owner)
    state.contacts = contacts_of(store, chosen.home)
    state.entrance = Entrance(store, chosen, state.pace)


def _wrap(app: FastAPI, names: list[str]) -> None:
    """Lay what each call passes around the routes; the last is the outermost."""
    incoming, late = app.state.incoming, app.state.late
    # Inside the intake's door, whose answers are small.
    app.add_middleware(
        GZipMiddleware, minimum_size=LEAST, compresslevel=LEVEL, exclude_content_types=EXCLUDED
    )
    app.add_middleware(IntakeDoor)
    app.add_middleware(BodyLimit, limits=body_limits(), incoming=incoming, late=late)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names)
    app.add_middleware(SecurityHeaders, by_https=is_https(app.state.settings.url))


@cache
def _parts() -> APIRouter:
    """Return all routes; what FastAPI makes of each takes a quarter of a second, once a process."""
    routes = APIRouter()
    for part in _PARTS:
        routes.include_router(part.router)
    routes.include_router(residents.data)
    return routes


def _answer(app: FastAPI) -> None:
    """Give the application its routes, and what it says where one fails."""
    app.mount("/static", NamedFiles(directory=ROOT / STATIC), name="static")
    app.router.routes.extend(city_door(app.state.settings))
    app.router.routes.extend(_parts().routes)
    problems.register(app)
    app.add_exception_handler(Exception, unforeseen_kept_close)
    describe(app)
