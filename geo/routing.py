"""Whose an issue is: the duty that answers for a service at a place, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

# Who stands in for a role that nobody holds on an area.
_STANDS_IN: Final = {"grid_worker": "grid_leader", "alley_steward": "street_manager"}
_OWN_UNIT: Final = "department"  # on a special grid: the school, the park itself
_FALLBACK: Final = "dispatcher"  # on the subdistrict, provisionally (属地兜底)
_WORDS: Final = {
    "list": ("责任清单", "responsibility list"),
    "special": ("专属网格的管理单位", "the special grid's own unit"),
    "role": ("事项的承办岗位", "the service's role"),
    "fallback": ("属地兜底（待区县裁定）", "the subdistrict, until the district rules"),
}


class Holding(NamedTuple):
    """A duty as routing sees it; `area` as in a path: other nets' codes carry their net's name."""

    party: str
    role: str
    area: str
    service: str | None
    lead: bool


class Spot(NamedTuple):
    """Where an issue lies: `path` from the top area down, its lane last; its special grid."""

    path: tuple[str, ...]
    special: str | None
    subdistrict: str | None


class Reason(NamedTuple):
    """One rung of the way to an answer: what was looked for, on which area, and who was found.

    `passed_over` are parties that hold it but are the ones complained about.
    """

    rung: str
    area: str | None
    service: str | None
    role: str | None
    party: str | None
    passed_over: tuple[str, ...] = ()

    @property
    def zh(self) -> str:
        """The rung in Chinese."""
        return self._said(0, "无")

    @property
    def en(self) -> str:
        """The rung in English."""
        return self._said(1, "nobody")

    def _said(self, language: int, nobody: str) -> str:
        about = " ".join(str(part) for part in (self.area, self.service, self.role) if part)
        return f"{_WORDS[self.rung][language]} · {about} → {self.party or nobody}"


@dataclass(frozen=True)
class Route:
    """Who leads and who assists, and why; `party` is None where nobody could be found.

    `provisional`: nobody owns it, the subdistrict has it until the district rules.
    """

    party: str | None
    role: str | None
    assists: tuple[str, ...]
    provisional: bool
    reasons: tuple[Reason, ...]


def route(
    spot: Spot,
    services: Sequence[str],
    role: str,
    holdings: Iterable[Holding],
    *,
    against: Iterable[str] = (),
) -> Route:
    """Return whose an issue is.

    The first that answers: the responsibility list, on the service and then on those above it, the
    smallest area first; on a special grid its own unit; the service's role on the smallest area
    that has one; the subdistrict, provisionally. Of several holders the lowest code by bytes.

    Parameters
    ----------
    services
        The issue's service and those above it, the most special first; empty: none.
    role
        The service's default role.
    against
        Parties complained about, and those below them: never the answer.

    >>> at = Spot(("3701", "g1", "lane:l1"), None, None)
    >>> held = [Holding("bureau", "department", "3701", "lamp", True),
    ...         Holding("wang", "grid_worker", "g1", None, True)]
    >>> route(at, ["lamp"], "grid_worker", held).party
    'bureau'
    >>> [reason.en for reason in route(at, [], "grid_worker", held).reasons]
    ["the service's role · g1 grid_worker → wang"]
    """
    desk = _Desk(tuple(holdings), frozenset(against), [])
    areas = spot.path[::-1]
    found = (
        desk.listed(services, areas)
        or desk.own_unit(spot.special)
        or desk.by_role(role, areas)
        or desk.fallback(spot.subdistrict)
    )
    party, held, assists = found or (None, None, ())
    provisional = bool(desk.reasons) and desk.reasons[-1].rung == "fallback"
    return Route(party, held, assists, provisional, tuple(desk.reasons))


_Found = tuple[str, str, tuple[str, ...]]


class _Desk(NamedTuple):
    """What is asked, rung by rung, and the reasons written down meanwhile."""

    holdings: tuple[Holding, ...]
    against: frozenset[str]
    reasons: list[Reason]

    def listed(self, services: Sequence[str], areas: Sequence[str]) -> _Found | None:
        for service, area in product(services, areas):
            rows = [h for h in self.holdings if (h.service, h.area) == (service, area)]
            leads = [h for h in rows if h.lead]
            if leads and (found := self._first("list", area, service, leads)):
                helpers = {h.party for h in rows} - {found[0]} - self.against
                return (*found, tuple(sorted(helpers)))
        if services:
            self.reasons.append(Reason("list", None, services[0], None, None))
        return None

    def own_unit(self, special: str | None) -> _Found | None:
        if special is None:
            return None
        return self._holder("special", special, _OWN_UNIT)

    def by_role(self, role: str, areas: Sequence[str]) -> _Found | None:
        roles = [role, *([_STANDS_IN[role]] if role in _STANDS_IN else [])]
        for area, name in product(areas, roles):
            held = any(self._holds(h, area, name) for h in self.holdings)
            if held and (found := self._holder("role", area, name)):
                return found
        self.reasons.append(Reason("role", None, None, role, None))
        return None

    def fallback(self, subdistrict: str | None) -> _Found | None:
        return self._holder("fallback", subdistrict, _FALLBACK) if subdistrict else None

    def _holder(self, rung: str, area: str, role: str) -> _Found | None:
        held = [h for h in self.holdings if self._holds(h, area, role)]
        leading = [h for h in held if h.lead] or held
        found = self._first(rung, area, None, leading) if leading else None
        if not leading:
            self.reasons.append(Reason(rung, area, None, role, None))
        return (*found, ()) if found else None

    @staticmethod
    def _holds(held: Holding, area: str, role: str) -> bool:
        return held.service is None and held.area == area and held.role == role

    def _first(
        self, rung: str, area: str, service: str | None, held: Sequence[Holding]
    ) -> tuple[str, str] | None:
        """Return the first of some holders that is not complained about; note who is."""
        ranked = sorted(held, key=lambda h: (h.party, h.role))
        passed = tuple(h.party for h in ranked if h.party in self.against)
        fit = next((h for h in ranked if h.party not in self.against), None)
        role = ranked[0].role if service is None else None
        party = fit.party if fit else None
        self.reasons.append(Reason(rung, area, service, role, party, passed))
        return (fit.party, fit.role) if fit else None
