"""Whose many issues are: each as `geo.store.rules.routing.route_of` says of one, asked as a set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from sqlalchemy import Connection, RowMapping, text

from geo.routing import Held, Holding, Route, Spot, by_place, roles_for, route
from geo.store.answers import question
from geo.store.locating import Located
from geo.store.rules.deadlines import Limits
from geo.store.rules.routing import ANYBODY, UNKNOWN_RECUSAL, faults_of

_SPECIAL: Final = text(
    "select code from area where net = 'grid' and special and valid_to is null"
    " and code = any (cast(:codes as text[]))"
)


_NOWHERE: Final[frozenset[str]] = frozenset()
_WHOLE: Final = None  # no area: what is remembered by the list alone never ends so


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
    """All it takes to route some issues; answers are remembered, for many issues share them.

    An answer is remembered by those areas of the path on which something is held that it may
    hang on: first rows of the list alone, which mostly settle it, then the roles too. `route`
    passes the other areas by, so that it answers alike without them.
    """

    services: Mapping[str, Listed]
    held: Held
    special: frozenset[str]
    below: Mapping[str, frozenset[str]]
    known: dict[tuple[object, ...], Route] = field(default_factory=dict)

    def route(self, asked: Asked) -> Route:
        """Return whose an issue is; one of no known service is routed as one of none."""
        service, path = asked.service or "", asked.here.path
        rows = self._with_rows.get(service, _NOWHERE)
        by_list = (service, asked.against, *(area for area in path if area in rows))
        if found := self.known.get(by_list):
            return found
        role = self._role_of(service)
        held = self._with_role.get(role, _NOWHERE)
        special = asked.here.grid if asked.here.grid in self.special else None
        near = (area for area in path if area in rows or area in held)
        whole = (service, asked.against, special, asked.here.subdistrict, *near, _WHOLE)
        if whole not in self.known:
            found = self._route(asked, Spot(path, special, asked.here.subdistrict), role)
            self.known[whole] = found
            if found.party and found.reasons[-1].rung == "list":
                self.known[by_list] = found
        return self.known[whole]

    def _route(self, asked: Asked, spot: Spot, role: str) -> Route:
        known = self.services.get(asked.service or "")
        faults = faults_of(asked.service, circle=bool(known and known.circle), known=bool(known))
        recused = self.below.get(asked.against) if asked.against else frozenset()
        if recused is None:
            faults = [*faults, UNKNOWN_RECUSAL]
        services = known.chain if known else ()
        return route(spot, services, role, self.held, against=recused or (), faults=faults)

    def _role_of(self, service: str) -> str:
        known = self.services.get(service)
        return known.role if known else ANYBODY

    @cached_property
    def _with_rows(self) -> Mapping[str, frozenset[str]]:
        """Areas with rows of the list on a service or one above it."""
        areas = defaultdict(set)
        for service, area in self.held:
            areas[service].add(area)
        return {
            code: frozenset().union(*(areas[above] for above in known.chain))
            for code, known in self.services.items()
        }

    @cached_property
    def _with_role(self) -> Mapping[str, frozenset[str]]:
        """Areas on which somebody holds a role, or the one that stands in for it."""
        areas = defaultdict(set)
        for (service, area), held in self.held.items():
            for holding in held if service is None else ():
                areas[holding.role].add(area)
        asked = {ANYBODY, *(known.role for known in self.services.values())}
        return {
            role: frozenset().union(*(areas[name] for name in roles_for(role))) for role in asked
        }


def routes_of(conn: Connection, asked: Sequence[Asked]) -> list[Route]:
    """Return whose each issue is, by the duties in force today."""
    services = listed(conn, {each.service for each in asked if each.service})
    answers = routing_desk(conn, asked, services)
    return [answers.route(each) for each in asked]


def routing_desk(
    conn: Connection,
    asked: Sequence[Asked],
    services: Mapping[str, Listed],
    *,
    special: frozenset[str] | None = None,
) -> Desk:
    """Return what it takes to route some issues: a few questions, however many they are.

    Parameters
    ----------
    special
        Codes of the special grids in force, where they are known; asked for by default.
    """
    codes = {code for each in asked for code in each.here.path}
    if special is None:
        special = _special(conn, sorted(codes))
    return replace(routing_over(conn, codes, services, special), below=_below(conn, asked))


def routing_over(
    conn: Connection,
    codes: Collection[str],
    services: Mapping[str, Listed],
    special: frozenset[str],
) -> Desk:
    """Return what it takes to route issues of some services against nobody.

    Parameters
    ----------
    codes
        All that the paths of the issues may have.
    special
        Codes of the special grids among them, or of all.
    """
    chains = sorted({code for service in services.values() for code in service.chain})
    rows = conn.execute(question("duties_over"), {"path": sorted(codes), "services": chains}).all()
    return Desk(services, by_place(Holding(*row) for row in rows), special, {})


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
