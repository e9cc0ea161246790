"""Whose an issue is: the duty that answers for a service at a place, and the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple, TypeAlias

from geo.names import ROLE_NAMES
from geo.responsibility import FAULTS

# Who stands in for a role that nobody holds on an area.
_STANDS_IN: Final = {"grid_worker": "grid_leader", "alley_steward": "street_manager"}
_OWN_UNIT: Final = "department"  # on a special grid: the school, the park itself
_FALLBACK: Final = "dispatcher"  # on the subdistrict, provisionally (属地兜底)
_ZH, _EN = 0, 1
_WORDS: Final = {
    "list": ("责任清单", "responsibility list"),
    "special": ("专属网格的管理单位", "the special grid's own unit"),
    "role": ("事项的承办岗位", "the service's role"),
    "recusal": ("回避", "recusal"),
    "fallback": ("属地兜底（待区县裁定）", "the subdistrict, until the district rules"),
}


class Holding(NamedTuple):
    """A duty as routing sees it; `area` as in a path: other nets' codes carry their net's name.

    `row` is the number of the responsibility list's row, `basis` its words. `fault` (of FAULTS)
    says why the duty can hold nobody to anything; `party` may then be missing, `area` be empty.
    """

    party: str | None
    role: str
    area: str
    service: str | None
    lead: bool
    row: int | None = None
    basis: str = ""
    fault: str | None = None


Held: TypeAlias = Mapping[tuple[str | None, str], Sequence[Holding]]


def by_place(holdings: Iterable[Holding]) -> Held:
    """Return duties by the service they are for (None: for any) and the area they are on."""
    found: dict[tuple[str | None, str], list[Holding]] = defaultdict(list)
    for holding in holdings:
        found[holding.service, holding.area].append(holding)
    return dict(found)


def roles_for(role: str) -> tuple[str, ...]:
    """Return a role and the one that stands in where nobody holds it."""
    return (role, _STANDS_IN[role]) if role in _STANDS_IN else (role,)


class Spot(NamedTuple):
    """Where an issue lies: `path` from the top area down, its lane last; its special grid."""

    path: tuple[str, ...]
    special: str | None
    subdistrict: str | None


class Reason(NamedTuple):
    """One rung of the way to an answer: what was looked for, on which area, and who was found.

    `passed_over` are parties that hold it but are the ones complained about. `row` and `basis` are
    of the row of the responsibility list that was met, `faults` (of FAULTS) why people must look at
    it: without a party the rung was passed by.
    """

    rung: str
    area: str | None
    service: str | None
    role: str | None
    party: str | None
    passed_over: tuple[str, ...] = ()
    row: int | None = None
    basis: str = ""
    faults: tuple[str, ...] = ()

    @property
    def zh(self) -> str:
        """The rung in Chinese."""
        row = "" if self.row is None else f"第 {self.row} 行"
        faults = "".join(f"（须处理：{FAULTS[fault][_ZH]}）" for fault in self.faults)
        return self._said(_ZH, row, "无") + faults

    @property
    def en(self) -> str:
        """The rung in English."""
        row = "" if self.row is None else f", row {self.row}"
        faults = "".join(f" (needs attention: {FAULTS[fault][_EN]})" for fault in self.faults)
        return self._said(_EN, row, "nobody") + faults

    def _said(self, language: int, row: str, nobody: str) -> str:
        names = ROLE_NAMES.get(self.role or "")
        role = names[language] if names else self.role
        about = " ".join(str(part) for part in (self.area, self.service, role) if part)
        return f"{_WORDS[self.rung][language]}{row} · {about} → {self.party or nobody}"


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

    @property
    def attention(self) -> bool:
        """Whether a rule was met that could not be evaluated, in whole or in part."""
        return any(reason.faults for reason in self.reasons)


def route(
    spot: Spot,
    services: Sequence[str],
    role: str,
    holdings: Iterable[Holding] | Held,
    *,
    against: Iterable[str] = (),
    faults: Iterable[Reason] = (),
) -> Route:
    """Return whose an issue is.

    The first that answers: the responsibility list, on the service and then on those above it, the
    smallest area first; on a special grid its own unit; the service's role on the smallest area
    that has one; the subdistrict, provisionally. Of several holders of a role the lowest code by
    bytes. A row of the list that cannot be evaluated (two that lead, nobody known, …) is told of
    in the chain and passed by.

    Parameters
    ----------
    services
        The issue's service and those above it, the most special first; empty: none.
    role
        The service's default role.
    holdings
        Duties; by place (`by_place`) where many questions are asked of the same ones.
    against
        Parties complained about, and those below them: never the answer.
    faults
        What is wrong before anything is looked for; comes first in the chain.

    >>> at = Spot(("3701", "g1", "lane:l1"), None, None)
    >>> held = [Holding("bureau", "department", "3701", "lamp", True, 12),
    ...         Holding("wang", "grid_worker", "g1", None, True)]
    >>> route(at, ["lamp"], "grid_worker", held).reasons[0].en
    'responsibility list, row 12 · 3701 lamp → bureau'
    >>> [reason.en for reason in route(at, [], "grid_worker", held).reasons]
    ["the service's role · g1 grid worker → wang"]
    """
    held = holdings if isinstance(holdings, Mapping) else by_place(holdings)
    desk = _Desk(held, frozenset(against), [*faults])
    areas = spot.path[::-1]
    found = (
        desk.listed(services, areas)
        or desk.own_unit(spot.special)
        or desk.by_role(role, areas)
        or desk.fallback(spot.subdistrict)
    )
    party, title, assists = found or (None, None, ())
    provisional = bool(desk.reasons) and desk.reasons[-1].rung == "fallback"
    return Route(party, title, assists, provisional, tuple(desk.reasons))


_Found = tuple[str, str, tuple[str, ...]]


class _Desk(NamedTuple):
    """What is asked, rung by rung, and the reasons written down meanwhile."""

    held: Held
    against: frozenset[str]
    reasons: list[Reason]

    def listed(self, services: Sequence[str], areas: Sequence[str]) -> _Found | None:
        for service, area in product(services, areas):
            rows = self.held.get((service, area), ())
            if rows and (found := self._row(area, service, rows)):
                helpers = {h.party for h in rows if h.party and not h.fault}
                return (*found, tuple(sorted(helpers - {found[0]} - self.against)))
        for service in services:  # rows that may have meant this place: nobody can say
            if lost := self.held.get((service, ""), ()):
                self._tell("", service, lost)
        if services:
            self.reasons.append(Reason("list", None, services[0], None, None))
        return None

    def _row(self, area: str, service: str, rows: Sequence[Holding]) -> tuple[str, str] | None:
        """Return who leads by the rows on one area and service: one party, or the rows are told."""
        leads = [h for h in rows if h.lead and not h.fault]
        if len({h.party for h in leads}) == 1:
            return self._first("list", area, service, leads, among=rows)
        named = any(h.lead for h in rows)
        self._tell(area, service, rows, "leads-clash" if leads else "" if named else "lead-missing")
        return None

    def own_unit(self, special: str | None) -> _Found | None:
        if special is None:
            return None
        return self._holder("special", special, _OWN_UNIT)

    def by_role(self, role: str, areas: Sequence[str]) -> _Found | None:
        for area, name in product(areas, roles_for(role)):
            if self._holding(area, name) and (found := self._holder("role", area, name)):
                return found
        self.reasons.append(Reason("role", None, None, role, None))
        return None

    def fallback(self, subdistrict: str | None) -> _Found | None:
        return self._holder("fallback", subdistrict, _FALLBACK) if subdistrict else None

    def _holder(self, rung: str, area: str, role: str) -> _Found | None:
        held = self._holding(area, role)
        fit = [h for h in held if not h.fault]
        leading = [h for h in fit if h.lead] or fit
        if leading:
            found = self._first(rung, area, None, leading, among=held)
            return (*found, ()) if found else None
        self.reasons.append(Reason(rung, area, None, role, None, faults=_faults(held)))
        return None

    def _holding(self, area: str, role: str) -> list[Holding]:
        return [held for held in self.held.get((None, area), ()) if held.role == role]

    def _tell(self, area: str, service: str, rows: Sequence[Holding], fault: str = "") -> None:
        """Write down that rows of the list answer for nothing, and why."""
        first = min(rows, key=_rank)
        why = tuple(sorted({*_faults(rows), *([fault] if fault else [])}))
        self.reasons.append(
            Reason("list", area or None, service, None, None, (), first.row, first.basis, why)
        )

    def _first(
        self,
        rung: str,
        area: str,
        service: str | None,
        held: Sequence[Holding],
        *,
        among: Sequence[Holding],
    ) -> tuple[str, str] | None:
        """Return the first of some holders that is not complained about; note who is."""
        ranked = sorted(held, key=_rank)
        passed = tuple(dict.fromkeys(h.party for h in ranked if h.party in self.against if h.party))
        fit = next((h for h in ranked if h.party not in self.against), None)
        told = fit or ranked[0]
        role = ranked[0].role if service is None else None
        party = fit.party if fit else None
        about = (told.row, told.basis, _faults(among))
        self.reasons.append(Reason(rung, area, service, role, party, passed, *about))
        return (party, told.role) if party else None


def _rank(held: Holding) -> tuple[str, str, int, str]:
    """Return what duties are told apart by: the same answer in whatever order they come."""
    return held.party or "", held.role, -1 if held.row is None else held.row, held.basis


def _faults(rows: Iterable[Holding]) -> tuple[str, ...]:
    return tuple(sorted({h.fault for h in rows if h.fault}))
