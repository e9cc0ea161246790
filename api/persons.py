"""Who can act where: the person that holds a role over an area, and the area a person works in."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.errors import NobodyHoldsError
from geo.frames import ROLES
from geo.names import roles_told
from geo.store.database import Connection
from geo.store.net.areas import ancestry
from geo.store.net.naming import area_names, party_names
from geo.store.net.people import belongs, cast_around, home_area, read_duties
from geo.store.net.revisions import At

# Posts a browser on this machine may take on until there is a sign-in.
DEMO_ROLES: Final = ("planner", "dispatcher", "checker", "approver")
_CAST: Final = ["party", "name", "role", "area", "area_name"]


def holder(conn: Connection, role: str, scope: str) -> str:
    """Return the code of who holds a role over an area: on itself, else nearest above it.

    Raises
    ------
    NobodyHoldsError
        When nobody does.
    """
    held = read_duties(conn, role=role).set_index("area")["party"]
    for code in reversed(ancestry(conn, scope)):
        if code in held.index:
            return str(held.loc[[code]].iloc[0])
    raise NobodyHoldsError(scope=scope, **roles_told([role]))


def home_scope(conn: Connection, person: str) -> str:
    """Return the code of the area of the admin net a person begins in, else ''.

    The smallest they have a duty on, else that of their grid or lane, else of their organisation.
    """
    return home_area(conn, person) or ""


def demo_persons(conn: Connection, at: At | None = None) -> pd.DataFrame:
    """Return who holds a demo role, or held it, by area and role.

    Columns party, name, role, area, area_name.
    """
    return cast_in(conn, *DEMO_ROLES, at=at)


def cast_in(conn: Connection, *roles: str, at: At | None = None) -> pd.DataFrame:
    """Return the persons who hold one of some roles, or held it, by area and role.

    Columns as of `demo_persons`.
    """
    held = pd.concat([read_duties(conn, role=role, at=at) for role in roles])
    people = party_names(conn, held["party"], kind="person")
    named = held.assign(name=held["party"].map(people)).dropna(subset=["name"])
    areas = area_names(conn, "admin", named["area"])
    told = named.assign(area_name=named["area"].map(areas).fillna(named["area"]))
    order = told.sort_values(["area", "role", "party"], ignore_index=True)
    return order[_CAST]


def cast_of(conn: Connection, scope: str) -> pd.DataFrame:
    """Return somebody of every role around an area, from its city to its grids and lanes.

    Columns as of `demo_persons`; a department's people have the department as their area. Without
    a scope: the demo persons.
    """
    return cast_around(conn, scope)[_CAST] if scope else demo_persons(conn)


def works_in(conn: Connection, person: str, scope: str) -> bool:
    """Tell whether a person has a duty on an area or a grid, above it, or inside it.

    Raises
    ------
    MissingError
        When there is no such area.
    """
    above = ancestry(conn, scope, nets=("admin", "grid"))
    duties = read_duties(conn, party=person)
    held = duties.loc[duties["net"] == "admin", "area"].dropna().tolist()
    return any(code in above or scope in ancestry(conn, code) for code in held)


def named(conn: Connection, person: str) -> dict[str, str] | None:
    """Return the name and first role of a person, desks first; None: not known.

    Whoever holds none and belongs to an organisation is its desk (`department`); nobody's: ''.
    """
    parties = party_names(conn, [person], kind="person")
    if person not in parties.index:
        return None
    held = set(read_duties(conn, party=person)["role"])
    beside = "department" if not held and belongs(conn, person) else ""
    role = next((role for role in (*DEMO_ROLES, *ROLES) if role in held), beside)
    return {"name": str(parties[person]), "role": role}


def others_told(conn: Connection, others: pd.DataFrame) -> list[dict[str, object]]:
    """Return who else has a plan open as JSON takes it: person, name, tool, at (lon, lat or null).

    Parameters
    ----------
    others
        As of `geo.store.planning.presence.others_on`.
    """
    names = party_names(conn, others["person"], kind="person")
    return [
        {
            "person": row.person,
            "name": names.get(row.person, row.person),
            "tool": row.tool,
            "at": None if pd.isna(row.lon) else [row.lon, row.lat],
        }
        for row in others.itertuples()
    ]


def default_person(conn: Connection) -> str:
    """Return who a browser on this machine acts as at first: a planner beside a dispatcher.

    Of the smallest area that has both, so that what it opens with has issues and plans.
    """
    persons = demo_persons(conn)
    desks = persons.loc[persons["role"] == "dispatcher", "area"]
    planners = persons[(persons["role"] == "planner") & persons["area"].isin(desks)]
    longest = planners["area"].str.len().sort_values(ascending=False, kind="stable")
    return str(planners.loc[longest.index[0], "party"]) if len(planners) else ""
