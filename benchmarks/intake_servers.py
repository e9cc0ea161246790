"""The servers that benchmarks set side by side, each made by a factory for uvicorn.

`ours` is the application. `peer` is what one writes with FastAPI and GeoAlchemy2's ORM: a session a
request, the grid looked up by ST_Covers, one row added and committed, and nothing else: no key, no
community, lane, route, task or event.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from geoalchemy2 import Geometry, WKTElement
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from api import tile_shelf
from api.app import create_app
from api.settling import settle
from benchmarks.databases import opened
from geo.store.database import Store
from geo.store.schema.tables import AREA

HOME = "JINGWEI_BENCH_HOME"
PERSON = "bench"


class Base(DeclarativeBase):
    """What the peer's tables are mapped from."""


class PlainIssue(Base):
    """An issue as the peer keeps it."""

    __tablename__ = "plain_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    reference: Mapped[str]
    service: Mapped[str | None]
    text: Mapped[str]
    grid: Mapped[str | None]
    geom: Mapped[object] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))


class Told(BaseModel):
    """What is handed in."""

    model_config = ConfigDict(extra="forbid")

    source: str
    reference: str
    service: str | None = None
    text: str = ""
    lon: float
    lat: float
    datum: str


def _session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(_session)]


def store() -> Store:
    """Return the store of the benchmark's data folder."""
    return opened(Path(os.environ[HOME]))


def ours() -> FastAPI:
    """Return the application, with the areas in memory as `jingwei serve` has them."""
    app = create_app(store(), person=PERSON)
    app.state.intake_desk.ready()
    settle()
    return app


def forgetful() -> FastAPI:
    """Return the application, keeping no tile that it sends."""
    tile_shelf.MOST_KEPT = 0  # type: ignore[misc]
    return ours()


def peer() -> FastAPI:
    """Return the plain endpoint."""
    app = FastAPI()
    app.state.engine = create_engine(store().owner.url, pool_size=20)

    @app.post("/api/issues", status_code=201)
    def intake(told: Told, session: Opened) -> dict[str, object]:
        point = WKTElement(f"POINT({told.lon!r} {told.lat!r})", srid=4326)
        owning = (AREA.c.net == "grid", AREA.c.valid_to.is_(None))
        covering = select(AREA.c.code).where(*owning, func.ST_Covers(AREA.c.geom, point))
        grid = session.scalars(covering.order_by(AREA.c.code).limit(1)).first()
        kept = {"source": told.source, "reference": told.reference, "service": told.service}
        row = PlainIssue(**kept, text=told.text, grid=grid, geom=point)
        session.add(row)
        session.commit()
        return {"id": row.id, "grid": row.grid}

    settle()
    return app


def hello() -> object:
    """Return the least a server can answer: nine kilobytes, by no framework."""
    body = os.urandom(9_000)
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"9000")]

    async def app(scope: dict[str, object], _receive: object, send: Callable[..., Any]) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return app
