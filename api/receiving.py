"""An issue taken in over HTTP: placed by its address, kept, and answered with what one should see.

The desk keeps issues by common commits; what it needs besides is asked in a transaction of its own,
and only where something was said that asks for it: most issues cost none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi.concurrency import run_in_threadpool

from api.gazetteers import Found, Gazetteers, needs_place, placed, told
from api.intake_desk import IntakeDesk
from api.reporters import repeated
from api.waiting import nearby, neighbours_told
from geo.issues import Issue
from geo.issues.intake import accuracy_of
from geo.issues.policy import intake_policy
from geo.store.database import Store, transaction
from geo.store.incoming.intake import Receipt


class TakenIn(NamedTuple):
    """The issue as it was kept, its receipt, and what its address may name."""

    issue: Issue
    receipt: Receipt
    found: Found | None


class Reception(NamedTuple):
    """Where issues are handed in over HTTP."""

    store: Store
    desk: IntakeDesk
    gazetteers: Gazetteers

    async def take_in(self, person: str, issue: Issue) -> TakenIn:
        """Return what becomes of an issue: placed by its address where that is certain, and kept.

        Raises
        ------
        ConflictError
            When the reference is there with other content, or is somebody else's to see.
        """
        found = None
        if needs_place(issue):
            issue, found = await run_in_threadpool(self._placed, person, issue)
        return TakenIn(issue, await self.desk.receive(person, issue), found)

    async def answer(self, person: str, taken: TakenIn, *, look: bool) -> dict[str, Any]:
        """Return the receipt as JSON takes it; if asked to `look`, with open issues nearby."""
        beside: dict[str, Any] = {"reporter": None, "neighbours": [], "nearby": None}
        if look or taken.issue.reporter or _may_be_off(taken.issue):
            beside |= await run_in_threadpool(self._beside, person, taken, look=look)
        return _receipt(taken.receipt) | {"located": _located(taken)} | beside

    def _placed(self, person: str, issue: Issue) -> tuple[Issue, Found | None]:
        with transaction(self.store.app, person) as conn:
            return placed(conn, issue, self.gazetteers.of)

    def _beside(self, person: str, taken: TakenIn, *, look: bool) -> dict[str, Any]:
        issue, number = taken.issue, taken.receipt.id
        with transaction(self.store.app, person) as conn:
            beside: dict[str, Any] = {"reporter": repeated(conn, number)}
            if _may_be_off(issue):
                beside["neighbours"] = neighbours_told(conn, number)
            if look and issue.lon is not None and issue.lat is not None:
                beside["nearby"] = nearby(conn, issue.lon, issue.lat, issue, beside=number)
            return beside


def _may_be_off(issue: Issue) -> bool:
    """Tell whether an issue may lie in a neighbouring grid as well."""
    rules = intake_policy().neighbours
    return accuracy_of(issue.accuracy_m, issue.located_as, rules.crossing) > 0


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "grid": receipt.grid,
        "community": receipt.community,
        "subdistrict": receipt.subdistrict,
        "lane": receipt.lane,
        "unclaimed": not receipt.path,
        "received_at": receipt.received_at.isoformat(),
    }


def _located(taken: TakenIn) -> dict[str, Any] | None:
    """Return how an address was found: by which candidate, or the candidates to choose from."""
    if taken.found is None:
        return None
    one, area = taken.found.taken, taken.found.area
    how = {"by": taken.issue.located_by, "as": taken.issue.located_as}
    if one is not None:
        position = {"title": one.title, "score": one.score, "lon": one.lon, "lat": one.lat}
        zh = f"按地址定位：{one.title}，得分 {one.score:.2f}"
        return how | position | {"zh": zh, "en": f"by address: {one.title}, score {one.score:.2f}"}
    if area is None:
        return {"by": None, "candidates": told(taken.found)["candidates"]}
    nowhere = {"title": area.title, "score": area.score, "lon": None, "lat": None}
    zh = f"按地址只知在{area.title}，没有坐标"
    return how | nowhere | {"zh": zh, "en": f"by address: somewhere in {area.title}, no position"}
