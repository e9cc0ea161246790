"""Ledgers, notices, hooks and parties of the toy city, as the API would answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.maps import toy_routes
from tests.maps.toy import SCOPE, Json

_PLACE: Final = {"district": "370102", "district_name": "明湖区", "subdistrict": SCOPE}
_NAMED: Final = {"subdistrict_name": "柳岸街道", "service": "F11", "service_name": "路灯不亮"}
_NOWHERE: Final = dict.fromkeys((*_PLACE, *_NAMED))


def fallback() -> Json:
    """Two with the subdistrict until somebody rules, one without a place."""
    fault = [{"fault": "leads-clash", "zh": "两个牵头单位", "en": "two lead"}]
    entries = [_nobodys(n, fault if n == 7 else []) for n in (7, 8)]
    lost = {"kind": "unclaimed", "issue": 9, "reference": toy_routes.NAUGHTY, "state": "new"}
    entries.append({**entries[0], **_NOWHERE, **lost, "faults": [], "party_name": None})
    counts = [{**_PLACE, **_NAMED, "n": 2, "since": entries[0]["since"]}]
    return {
        "total": 3,
        "counts": [*counts, {**_NOWHERE, "n": 1, "since": entries[0]["since"]}],
        "entries": entries,
    }


def _nobodys(number: int, faults: list[Json]) -> Json:
    since = {"since": "2026-11-20T09:00:00+08:00", "state": "sent", "faults": faults}
    what = {"kind": "provisional", "issue": number, "reference": f"JW-{number}", "task": number}
    return _PLACE | _NAMED | since | what | {"party_name": "柳岸街道办事处"}


def clash(number: str) -> Json:
    """An issue of a file that is there with other words, and its due time taken out."""
    told = {"fields": ["text", "due_at"], "due_was": "2026-12-04T10:00:00.000Z", "due_said": None}
    return {"conflicts": [number], "differs": {number: told}}


def held() -> Json:
    """One whose day to be looked at again is past, one that asks to be held."""
    row = _PLACE | _NAMED | {"issue": 5, "reference": "JW-5", "task": 15, "party_name": "供电所"}
    day = {"state": "held", "held_at": "2026-11-02T10:00:00+08:00", "review_on": "2026-11-16"}
    asks = {"state": "taken", "held_at": None, "review_on": None, "overdue": False}
    more = {"issue": 6, "reference": "JW-6", "task": 16}
    said = {"text": f"变压器占道{toy_routes.NAUGHTY}。三年了", "grid_name": "第2网格"}
    return {"total": 2, "entries": [row | day | said | {"overdue": True}, row | asks | more]}


def appeals() -> Json:
    """One party asks that a task of it be struck from the rates."""
    row = _PLACE | _NAMED | {"issue": 3, "reference": "JW-3", "task": 13, "state": "closed"}
    said = {"party_name": "供电所", "since": "2026-11-22T10:00:00+08:00"}
    return {"total": 1, "entries": [row | said | {"reason": toy_routes.NAUGHTY}]}


def leader() -> Json:
    """A whistle to two departments that nobody signed, a request to hold, a department late."""
    rows = [
        *(("sign", "drafted", "供电所"), ("sign", "drafted", "城管中队")),
        *(("asked", "taken", "环卫所"), ("late", "sent", toy_routes.NAUGHTY)),
    ]
    since = {"sent_at": "2026-11-23T09:00:00+08:00", "due_at": "2026-11-30T18:00:00+08:00"}
    late = {"arrive_by": "2026-11-23T09:30:00+08:00", "arrived_at": None}
    said = {"text": "污水井盖破损。夜间有人绊倒", "address": "文庙东巷 18 号", "card": None}
    named = {"asker_name": "陈静", "number": "JW-4", "service_name": "井盖", "grid_name": "第2网格"}
    waiting = [
        {
            "what": what,
            "state": state,
            "party": "D1",
            "party_name": party,
            "kind": "whistle",
            "issue": 4,
            "version": 2,
            "task": n,
            "lead": True,
            "asked": "hold",
            "asked_days": 0,
            "review_on": "2026-12-20",
            **since,
            **late,
            **said,
            **named,
        }
        for n, (what, state, party) in enumerate(rows)
    ]
    ledgers = {"fallback": 3, "held": 2, "appeals": 1}
    told = {"scope": SCOPE, "scope_name": "柳岸街道", "signs": True}
    return {**told, "waiting": waiting, "ledgers": ledgers}


def ahead() -> Json:
    """Rates of a month, one of them without anything to share yet."""
    counts = {"part": 48, "whole": 52, "open": 7}
    shares = {"past": 0.91, "now": 0.923, "expected": 0.92, "low": 0.81, "high": 0.94}
    names = ("response", "resolution", "satisfaction", "on_time")
    days = [f"2026-11-{n:02}" for n in range(1, 24)]
    trend = [None, *(round(0.9 + 0.001 * n, 3) for n in range(21)), 0.923]
    rates = [{"name": name, **counts, **shares, "trend": trend} for name in names]
    nothing = dict.fromkeys(shares)
    rates[2] |= {"part": 0, "whole": 0, "open": 0, **nothing, "trend": [None] * 23}
    told = {"since": "2026-11-01T00:00:00+08:00", "until": "2026-11-30", "days": days}
    return {**told, "issues": 60, "struck": 1, "rates": rates}


def parts() -> Json:
    """This month's rates of two communities, one of which nothing came from."""
    full = {"issues": 40, "due": 30, "called": 12, "done": 20, "on_time": 0.967}
    full |= {"resolution": 0.9, "satisfaction": 0.75, "solved_in_grid": 0.6}
    none = {key: None if isinstance(value, float) else 0 for key, value in full.items()}
    one = {"code": f"{SCOPE}001", "name": toy_routes.NAUGHTY, **full}
    return {"by": "community", "rows": [one, {"code": f"{SCOPE}002", "name": None, **none}]}


def notices() -> list[Json]:
    """One of each of three kinds, the last about a task of no issue."""
    kinds = (("overdue", 1, 4), ("to_sign", 2, 5), ("sent", 3, None))
    since = {"since": "2026-11-23T09:00:00+08:00", "read_at": None}
    return [{"kind": kind, "task": task, "issue": issue} | since for kind, task, issue in kinds]


def tasks() -> list[Json]:
    """An errand that is late, with words that are markup, and a mediation."""
    errand = {"kind": "errand", "party": "P2", "party_name": "王芳", "confidential": False}
    area = {"area": SCOPE, "area_name": "柳岸街道", "made_by": "P2", "state": "taken"}
    due = {"due_at": "2026-11-20T18:00:00+08:00", "yellow_at": "2026-11-19T18:00:00+08:00"}
    late = {"id": 31, "text": "代领药 <b>急</b>", "card": "red", **errand, **area, **due}
    return [late, late | {"id": 32, "kind": "mediate", "confidential": True, "card": None}]


def task() -> Json:
    """The errand, with all that is known of it."""
    people = {"among": [], "among_names": [], "made_by_name": "王芳"}
    more = {"version": 3, "due_guessed": False, "photos": [], "result": ""}
    return (
        tasks()[0]
        | people
        | more
        | {"kind_zh": "代办", "kind_en": "errand", "steps": [], "history": []}
    )


def task_counts() -> list[Json]:
    """More mediations than whoever asks may read."""
    counted = (("errand", "taken", 1), ("mediate", "sent", 4), ("mediate", "closed", 9))
    return [{"kind": kind, "state": state, "tasks": n} for kind, state, n in counted]


def accounts() -> list[Json]:
    """One that is in use and one that was closed."""
    never = {"subject": None, "one_time_until": None, "waits_until": None, "closed_at": None}
    seen = {"signed_in_at": "2026-11-20T18:00:00+08:00", "sessions": 2}
    used = {"party": "P2", "person": "王芳 <b>", "name": "wangfang", **never, **seen}
    closed = {"party": "P3", "closed_at": "2026-11-21T18:00:00+08:00", "sessions": 0}
    return [used, used | closed]


def hooks() -> list[Json]:
    """One hook, with what waits and what was given up."""
    hook = {"name": "city-lights", "kind": "webhook", "url": "https://lights.example.cn/in"}
    said = {"nouns": ["issue"], "names": [], "area": SCOPE, "party": None, "rests_until": None}
    return [hook | said | {"made_at": "2026-11-01T09:00:00+08:00", "pending": 3, "dead": 1}]


def audited() -> list[Json]:
    """Somebody looked at a contact and gave markup as the reason; a sign-in, not sealed yet."""
    who = {"person": "P2", "person_name": "王芳", "at": "2026-11-23T09:00:00+08:00", "seal": 4}
    look = {"id": 9, "noun": "person", "subject": "0a1b2c3d", "name": "show", "zh": "查看联系方式"}
    said = {"detail": {"issue": 7, "reason": toy_routes.NAUGHTY}, "en": "look at a contact"}
    entered = {"id": 12, "noun": "account", "subject": "P2", "name": "signed_in", "zh": "登录"}
    rest = {"detail": {"way": "password"}, "en": "sign in", "seal": None}
    return [who | look | said, who | entered | rest]


def seals() -> list[Json]:
    """The newest seal, of events with a gap in their numbers."""
    hashes = {"digest": "ab" * 32, "hash": "cd" * 32}
    ids = {"number": 4, "ids": "{[1,3),[5,9)}", "events": 6}
    return [{**ids, "sealed_at": "2026-11-23T09:01:00+08:00", **hashes}]


def outbox() -> list[Json]:
    """A delivery that was given up, and a hand-over without a number of the other system."""
    at = {"made_at": "2026-11-23T09:00:00+08:00", "tried_at": None, "attempts": 8}
    what = {"noun": "issue", "subject": "4", "event": "send", "reference": None, "party": "照明处"}
    dead = {"id": 1, "hook": "city-lights", "state": "dead", "status": 500, "said": "<b>no</b>"}
    sent = {"id": 2, "hook": None, "state": "delivered", "status": 200, "said": None, "task": 9}
    return [at | what | dead | {"task": None}, at | what | sent]


def parties() -> list[Json]:
    """Who is called something with 照明 in it."""
    return [{"code": "D7", "name": "市照明处", "kind": "department", "above": "市城管局"}]


def revisions() -> list[Json]:
    """What was published, the newest first, which may be taken back; the other changed since."""
    changed = {"zh": "版本 6 不能撤销", "en": "Revision 6 cannot be taken back"}
    common = {
        "kind": "plan",
        "scope": "370102001",
        "undoes": None,
        "made_at": "2026-11-02T02:00:00Z",
    }
    days = [("2026-11-02", 3, True), ("2026-08-01", None, False)]
    return [
        {"number": 7 - i, "plan": plan, "effective_on": day, "may_undo": may, **common}
        | {"refused": None if may else changed}
        for i, (day, plan, may) in enumerate(days)
    ]


ANSWERS: Final[dict[str, Callable[[], Any]]] = {
    "/api/nets/grid/revisions": revisions,
    "/api/ledgers/fallback": fallback,
    "/api/ledgers/held": held,
    "/api/ledgers/appeals": appeals,
    "/api/leader": leader,
    "/api/leader/rates": ahead,
    "/api/leader/parts": parts,
    "/api/notices": notices,
    "/api/tasks": tasks,
    "/api/tasks/31": task,
    "/api/tasks/counts": task_counts,
    "/api/hooks": hooks,
    "/api/audit/events": audited,
    "/api/audit/seals": seals,
    "/api/outbox": outbox,
    "/api/outbox/stuck": list,
    "/api/parties": parties,
    "/api/accounts": accounts,
}
