"""Whose many issues are: each as `geo.store.routing.route_of` says of one, asked as a set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

from sqlalchemy import Connection, RowMapping, text

from geo.routing import Holding, Route, Spot, route
from geo.store.answers import question
from geo.store.deadlines import Limits
from geo.store.locating import Located
from geo.store.routing import ANYBODY, UNKNOWN_RECUSAL, faults_of

_SPECIAL: Final = text(
    "select code from area where net = 'grid' and special and valid_to is null"
    " and code = any (cast(:codes as text[]))"
)


class Asked(NamedTuple):
    """An issue as routing sees it: where it lies, its service, the party complained about."""

    here: Located
    service: str | None = None
    against: str | None = None


class Listed(NamedTuple):
    """A service of the catalogue: itself and those above it, its role, whether a rule sends it.

    `limits` are its own. `circle`: it is above itself by a roundabout way, the chain ends there.
    """

    chain: tuple[str, ...]
    role: str
    auto_send: bool
    circle: bool
    limits: Limits = Limits()


@dataclass(frozen=True)
class Desk:
    """All it takes to route some issues; answers are remembered, for many issues share them."""

    services: Mapping[str, Listed]
    held: Mapping[str, Sequence[Holding]]  # by area, as in a path
    special: frozenset[str]
    below: Mapping[str, frozenset[str]]
    known: dict[Asked, Route] = field(default_factory=dict)

    def route(self, asked: Asked) -> Route:
        """Return whose an issue is; one of no known service is routed as one of none."""
        if asked not in self.known:
            self.known[asked] = self._route(asked)
        return self.known[asked]

    def _route(self, asked: Asked) -> Route:
        here, known = asked.here, self.services.get(asked.service or "")
        spot = Spot(here.path, here.grid if here.grid in self.special else None, here.subdistrict)
        # "": rows of the list for which nobody can say where they hold.
        held = chain.from_iterable(self.held.get(area, ()) for area in (*here.path, ""))
        role, services = (known.role, known.chain) if known else (ANYBODY, ())
        faults = faults_of(asked.service, circle=bool(known and known.circle), known=bool(known))
        recused = self.below.get(asked.against) if asked.against else frozenset()
        if recused is None:
            faults = [*faults, UNKNOWN_RECUSAL]
        return route(spot, services, role, held, against=recused or (), faults=faults)


def routes_of(conn: Connection, asked: Sequence[Asked]) -> list[Route]:
    """Return whose each issue is, by the duties in force today."""
    services = listed(conn, {each.service for each in asked if each.service})
    answers = routing_desk(conn, asked, services)
    return [answers.route(each) for each in asked]


def routing_desk(conn: Connection, asked: Sequence[Asked], services: Mapping[str, Listed]) -> Desk:
    """Return what it takes to route some issues: a few questions, however many they are."""
    codes = sorted({code for each in asked for code in each.here.path})
    chains = sorted({code for service in services.values() for code in service.chain})
    held: dict[str, list[Holding]] = defaultdict(list)
    for row in conn.execute(question("duties_over"), {"path": codes, "services": chains}):
        held[row.area].append(Holding(*row))
    return Desk(services, held, _special(conn, codes), _below(conn, asked))


def listed(conn: Connection, services: Iterable[str]) -> dict[str, Listed]:
    """Return those of the services that are in the catalogue."""
    found: dict[str, list[RowMapping]] = defaultdict(list)
    asked = {"services": sorted(set(services))}
    for row in conn.execute(question("services_above_each"), asked).mappings():
        found[row["asked"]].append(row)
    return {code: _listed(rows) for code, rows in found.items()}


def _listed(rows: Sequence[RowMapping]) -> Listed:
    above = tuple(row["code"] for row in rows if not row["circle"])
    first = rows[0]
    circle = len(above) < len(rows)
    limits = Limits(first["answer_days"], first["calendar"])
    return Listed(above, first["default_role"], first["auto_send"], circle, limits)


def _special(conn: Connection, codes: Sequence[str]) -> frozenset[str]:
    """Return those of the codes that are special grids."""
    return frozenset(conn.execute(_SPECIAL, {"codes": list(codes)}).scalars())


def _below(conn: Connection, asked: Sequence[Asked]) -> dict[str, frozenset[str]]:
    """Return for each party complained about that somebody knows itself and those below it."""
    parties = sorted({each.against for each in asked if each.against})
    found: dict[str, set[str]] = defaultdict(set)
    if parties:
        for row in conn.execute(question("parties_below_each"), {"parties": parties}):
            found[row.said].add(row.code)
    return {said: frozenset(codes) for said, codes in found.items()}
