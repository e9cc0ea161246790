"""Whose an issue is, in words: codes beside their names, and each rung of the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
from numpy.typing import ArrayLike

from geo.responsibility import FAULTS
from geo.routing import Reason, Route
from geo.store.database import Connection
from geo.store.locating import located
from geo.store.net.naming import area_names, party_names, service_names
from geo.store.rules.routing import CALLS, Sent, reads_reasons, route_of, sent_route
from geo.store.working.handling import route_of_issue

_UNTOLD: Final = Route(None, None, (), provisional=False, reasons=())


def explain(
    conn: Connection,
    position: tuple[ArrayLike, ArrayLike],
    service: str | None,
    *,
    against: Sequence[str] = (),
) -> dict[str, Any]:
    """Return whose an issue at a position (degrees, WGS 84) would be, as JSON takes it.

    Raises
    ------
    MissingError
        When there is no such service.
    """
    here = located(conn, *(float(value) for value in position))  # type: ignore[arg-type]
    found = route_of(conn, here, service, against=against, strict=True)
    return {"grid": here.grid, "path": list(here.path)} | in_words(conn, found)


def explain_issue(conn: Connection, issue: int) -> dict[str, Any]:
    """Return whose an issue is: as it was sent and went on since, else as it would be sent now.

    `sent` lists the steps, the oldest first, those that called others to it among them; while none
    sent it, it is new, and the chain is today's. `withheld`: of a confidential issue neither chain
    nor whose it would be is told to whoever does not handle it, verify or rule there.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    here, found = route_of_issue(conn, issue)
    told_why = reads_reasons(conn, issue)
    about = {"issue": issue, "grid": here.grid, "path": list(here.path), "withheld": not told_why}
    steps = sent_route(conn, issue)
    went = [step for step in steps if step.step not in CALLS]
    if not went:
        would_be = found if told_why else _UNTOLD
        return about | in_words(conn, would_be) | {"sent": _steps_told(conn, steps)}
    first = went[0]
    chain = first.route if told_why else ()
    kept = Route(first.party, None, first.assists, _is_provisional(went), chain)
    told = in_words(conn, kept) | {"sent": _steps_told(conn, steps)}
    holder = next((s.party for s in went[::-1] if s.party and s.tasks & first.tasks), first.party)
    named = {"party": holder, "party_name": party_names(conn, [holder]).get(holder)}
    return about | told | (named if holder else {})


def _steps_told(conn: Connection, steps: Sequence[Sent]) -> list[dict[str, Any]]:
    """Return the steps as JSON takes them, people and parties beside their names."""
    called = [(*step.parties, *(step.assists if step.step in CALLS else ())) for step in steps]
    codes = [code for step in steps for code in (step.party, step.person)]
    codes += [code for parties in called for code in parties]
    names = party_names(conn, codes)
    return [
        {"step": step.step, "at": step.at.isoformat(), "party": step.party, "reason": step.reason}
        | {"person": step.person, "person_name": names.get(step.person)}
        | {"party_name": names.get(step.party)}
        | {"parties": [{"party": code, "name": names.get(code)} for code in parties]}
        for step, parties in zip(steps, called, strict=True)
    ]


def _is_provisional(steps: Sequence[Sent]) -> bool:
    """Tell whether it was sent to the subdistrict for now, and the district has not ruled since."""
    route = steps[0].route
    ruled = any(step.step in ("settle", "rule") for step in steps)
    return bool(route) and route[-1].rung == "fallback" and not ruled


def in_words(conn: Connection, found: Route) -> dict[str, Any]:
    """Return a route as JSON takes it, its codes beside their names."""
    over = [code for reason in found.reasons for code in reason.passed_over]
    named = [found.party, *found.assists, *over, *(r.party for r in found.reasons)]
    parties = party_names(conn, named)
    return {
        "party": found.party,
        "party_name": parties.get(found.party),
        "role": found.role,
        "assists": [{"party": code, "name": parties.get(code)} for code in found.assists],
        "provisional": found.provisional,
        "attention": found.attention,
        "reasons": _reasons(conn, found.reasons, parties),
    }


def _reasons(
    conn: Connection, reasons: Sequence[Reason], parties: pd.Series
) -> list[dict[str, Any]]:
    codes = [str(reason.area).rpartition(":")[2] for reason in reasons if reason.area]
    nets = ("grid", "admin", "lane")
    areas = pd.concat([area_names(conn, net, codes) for net in nets])
    services = service_names(conn, [reason.service for reason in reasons])
    return [
        reason._asdict()
        | {"zh": reason.zh, "en": reason.en, "party_name": parties.get(reason.party)}
        | {"area_name": areas.get(str(reason.area).rpartition(":")[2])}
        | {"service_name": services.get(reason.service)}
        | {"faults_said": faults_in_words(reason.faults)}
        | {"passed_over_names": [parties.get(code, code) for code in reason.passed_over]}
        for reason in reasons
    ]


def faults_in_words(faults: Iterable[str]) -> list[dict[str, str]]:
    """Return faults as JSON takes them, in both languages."""
    return [{"fault": f, "zh": FAULTS[f][0], "en": FAULTS[f][1]} for f in faults]
