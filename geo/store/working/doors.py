"""Visits at doors: the chart of a building, what was found, written down as tasks of kind visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from geo.doors import FINDINGS, Door, Found, Last, doors_of
from geo.errors import MissingError
from geo.issues import Order
from geo.store.net.people import read_duties
from geo.store.net.places import read_places
from geo.store.schema.tables import PLACE, TASK
from geo.store.working.alone import NewTask, act_alone, new_task

_BUILDING: Final = ("code", "name", "address", "units", "floors", "dwellings", "households")
_WORDS: Final = {finding.key: finding.zh for finding in FINDINGS}


class Building(NamedTuple):
    """A building with its grid, its doors, and what was found at each of them last."""

    code: str
    name: str
    grid: str
    doors: tuple[Door, ...]
    last: dict[str, Last]
    address: str = ""


class Visit(NamedTuple):
    """What was found at a door of a building, and what is worth remembering: no names."""

    building: str
    door: str
    found: Found
    note: str = ""
    at: datetime | None = None  # now, where it is not said


def grids_of(conn: Connection, party: str) -> list[str]:
    """Return the codes of the grids that a party has a duty on, by code."""
    duties = read_duties(conn, party=party)
    return sorted(set(duties.loc[duties["net"] == "grid", "area"].dropna()))


def buildings_of(conn: Connection, grids: Sequence[str]) -> pd.DataFrame:
    """Return the buildings of grids: code, name, address, units, floors, dwellings, households.

    Beside them `grid`, `lon`, `lat`; by address, name and code.
    """
    parts = []
    for grid in grids:
        places = read_places(conn, kind="building", scope=grid)
        here = {"grid": grid, "lon": places.geometry.x, "lat": places.geometry.y}
        parts.append(pd.DataFrame(places[list(_BUILDING)]).assign(**here))
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=[*_BUILDING, "grid", "lon", "lat"])
    return whole.sort_values(["address", "name", "code"], ignore_index=True)


def building_in(conn: Connection, grids: Sequence[str], code: str) -> Building:
    """Return a building of some grids with its doors.

    Raises
    ------
    MissingError
        When there is none of that code in them.
    """
    rows = buildings_of(conn, grids)
    found = rows[rows["code"] == code]
    if found.empty:
        raise MissingError(noun="building", noun_zh="楼栋", key=code)
    row = found.iloc[0]
    counts = {name: None if pd.isna(row[name]) else int(row[name]) for name in ("units", "floors")}
    dwellings = int(row["dwellings"] or row["households"] or 0)
    doors = doors_of(code, **counts, dwellings=dwellings, known=_dwellings(conn, code))
    last = last_found(conn, [door.code for door in doors])
    address = str(row["address"] or "")
    return Building(code, str(row["name"] or code), str(row["grid"]), doors, last, address)


def last_found(conn: Connection, doors: Sequence[str]) -> dict[str, Last]:
    """Return what was found last at doors, as far as the acting person sees visits there."""
    seen = (TASK.c.place.in_(doors), TASK.c.kind == "visit", TASK.c.found != "")
    asked = select(TASK.c.place, TASK.c.found, TASK.c.made_at).where(*seen)
    latest = (TASK.c.place, TASK.c.made_at.desc(), TASK.c.id.desc())  # it may have come late
    newest = asked.ext(distinct_on(TASK.c.place)).order_by(*latest)
    return {row.place: Last(row.found, row.made_at) for row in conn.execute(newest)}


def visit(conn: Connection, party: str, told: Visit) -> dict[str, Any]:
    """Return the visit written down: its task, done by whoever was there.

    Raises
    ------
    MissingError
        When there is no such building in the party's grids, or no such door in it.
    """
    building = building_in(conn, grids_of(conn, party), told.building)
    door = next((door for door in building.doors if door.code == told.door), None)
    if door is None:
        raise MissingError(noun="door", noun_zh="门户", key=told.door)
    where = f"{building.name} {door.unit} 单元 {door.number}"
    task = new_task(
        conn,
        NewTask(
            kind="visit", party=party, area=building.grid, text=f"走访 {where}",
            place=door.code, found=told.found, made_at=told.at,
        ),
    ).id  # fmt: skip
    act_alone(conn, task, Order(step="take"))
    said = "；".join(filter(None, (_WORDS[told.found], told.note.strip())))
    act_alone(conn, task, Order(step="self_close", result=said))
    return {"task": task, "door": door.code, "found": told.found}


def _dwellings(conn: Connection, building: str) -> list[str]:
    begins = PLACE.c.code.startswith(f"{building}-", autoescape=True)
    asked = select(PLACE.c.code).where(PLACE.c.kind == "dwelling", begins)
    return list(conn.execute(asked.order_by(PLACE.c.code)).scalars())
