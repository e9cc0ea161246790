"""What else a city does while its calls come in: boards, phones, people who draw and publish.

Each is a task in the event loop of the calls, and goes on until it is told to stop.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.load import Answer, Line, request

BOARDS = 20  # streams that stay open
PHONES = 12
POLLS = 3
EDITS = 8  # of a draft, before it is published
PUBLICATIONS = 16  # in the eight hours
_POLL_S, _PHONE_S, _AGAIN_S = 5.0, 2.0, 1.0
_FEW = 20  # tasks a phone takes up before it asks for more
_STEPS = ("take", "finish")
_GOOD = range(200, 400)


@dataclass(frozen=True)
class Town:
    """Where a city is served and who is in it; what was done there is counted in `done`."""

    port: int
    people: Mapping[str, str]  # a district's planner, checker, approver; the city's dispatcher
    scopes: list[str]  # the district's subdistricts, which boards show
    communities: list[str]  # the district's, which are drawn anew
    sent: Callable[[], list[int]]  # tasks that somebody is to take
    seconds: float
    done: Counter[str] = field(default_factory=Counter)
    slow: list[float] = field(default_factory=list)  # seconds of each look of a board

    def cookie(self, role: str) -> str:
        """Return what makes a request one of somebody's."""
        return f"jingwei_person={self.people[role]}"

    async def told(
        self, line: Line, role: str, path: str, body: Mapping[str, Any], match: str = ""
    ) -> dict[str, Any]:
        """Return what is answered to something that somebody does; {} where it is refused."""
        sent = json.dumps(body).encode()
        asked = request("POST", path, sent, cookie=self.cookie(role), match=match)
        return self.heard(str(body.get("step", body.get("kind", role))), await line.ask(asked))

    def heard(self, what: str, answer: Answer) -> dict[str, Any]:
        """Count an answer, and return what it tells."""
        good = answer.status in _GOOD
        told = dict(json.loads(answer.body)) if answer.body else {}
        self.done[what if good else f"{what}: {answer.status} {told.get('code')}"] += 1
        return told if good else {}


async def beside(town: Town, work: Coroutine[Any, Any, list[Answer]]) -> list[Answer]:
    """Return what some work came to, with everything else going on beside it."""
    others = [
        *(listened(town, scope) for _, scope in zip(range(BOARDS), cycle(["", *town.scopes]))),
        *(looked(town, scope) for scope in town.scopes[:POLLS]),
        *(phoned(town, n) for n in range(PHONES)),
        drawn(town),
    ]
    tasks = [asyncio.create_task(other) for other in others]
    answers = await work
    for task in tasks:
        if task.done():
            task.result()  # one that ended by itself has failed
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return answers


async def listened(town: Town, scope: str) -> None:
    """Hold a stream of events of an area open, or of the whole city, and count what it tells."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
    path = "/api/events/stream?noun=issue" + (f"&scope={scope}" if scope else "")
    writer.write(request("GET", path, cookie=town.cookie("dispatcher")))
    try:
        while line := await reader.readline():
            town.done["events heard on streams"] += line.startswith(b"data: {")
        town.done["streams that ended"] += 1
    finally:
        writer.close()


async def looked(town: Town, scope: str) -> None:
    """Look at a board every few seconds."""
    line = Line(town.port)
    while True:
        for path in (f"/api/issues.geojson?scope={scope}", "/api/board"):
            asked = request("GET", path, cookie=town.cookie("dispatcher"))
            answer = await line.ask(asked)
            town.done[f"looks at boards: {answer.status}"] += 1
            town.slow.append(answer.seconds)
        await asyncio.sleep(_POLL_S)


async def phoned(town: Town, nth: int) -> None:
    """Open one task after the other on a phone, look at it, take it, finish it."""
    line = Line(town.port)
    while True:
        for task in (await asyncio.to_thread(town.sent))[nth::PHONES][:_FEW]:
            link = await town.told(line, "dispatcher", f"/api/tasks/{task}/links", {})
            if link:
                await _worked(town, line, task, link)
            await asyncio.sleep(_PHONE_S)


async def _worked(town: Town, line: Line, task: int, link: dict[str, Any]) -> None:
    path, root = "/" + link["url"].split("/", 3)[3], f"/api/phone/{link['id']}"
    cookie = (await line.ask(request("GET", path))).cookie
    looked_at = await line.ask(request("GET", root, cookie=cookie))
    town.heard("phone: look", looked_at)
    for step in _STEPS:
        said = json.dumps({"step": step, "result": "已修好"}).encode()
        asked = request("POST", f"{root}/tasks/{task}/steps", said, cookie=cookie)
        town.heard(f"phone: {step}", await line.ask(asked))
        await asyncio.sleep(_PHONE_S)


async def drawn(town: Town) -> None:
    """Draw one community after the other, publish it, and take every other one back."""
    line, pause = Line(town.port), town.seconds / PUBLICATIONS
    loop = asyncio.get_running_loop()
    for n, scope in enumerate(cycle(town.communities)):
        began = loop.time()
        revision = await _published(town, line, scope)
        if n % 2 and revision:
            path = f"/api/nets/grid/revisions/{revision}/rollback"
            await town.told(line, "approver", path, {"step": "roll back"})
        await asyncio.sleep(max(_AGAIN_S, began + pause - loop.time()))


async def _published(town: Town, line: Line, scope: str) -> int:
    begun = await town.told(line, "planner", "/api/plans", {"scope": scope, "title": "日常微调"})
    plan = f"/api/plans/{begun['plan']}"
    looked_at = await line.ask(request("GET", f"{plan}/draft", cookie=town.cookie("planner")))
    draft = town.heard("looks at drafts", looked_at)
    version = draft["version"]
    for seed in range(EDITS):
        edit: dict[str, Any] = {"kind": "redraw", "within": scope, "seed": seed}
        edit = {"kind": "undo"} if seed % 2 else edit
        told = await town.told(line, "planner", f"{plan}/edits", edit, str(version))
        version = told.get("version", version)
    told = {}
    for role, step in (
        ("planner", "submit"), ("checker", "check"), ("approver", "approve"),
        ("approver", "publish"),
    ):  # fmt: skip
        told = await town.told(line, role, f"{plan}/steps", {"step": step})
    return int(told.get("revision", 0))


def faults_of(done: Counter[str]) -> list[str]:
    """Return what was answered that nobody should be."""
    ended = "streams that ended"
    return [
        f"{what}, {times} times" for what, times in done.items() if ": 5" in what or what == ended
    ]
