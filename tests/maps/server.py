"""A small server of the pages and of the toy city's data, on a free port of this machine."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from geo.issues.alone import KINDS as KINDS_ALONE
from maps import (
    assets,
    board_page,
    city_page,
    draw_page,
    entry_page,
    home_page,
    inbox_page,
    offline,
    one_page,
    plain_page,
    plan_page,
    problem_page,
    sign_in_page,
    why_page,
)
from maps.charts import page_files
from maps.words import Lang
from tests.maps import (
    toy,
    toy_board,
    toy_drawing,
    toy_entry,
    toy_inbox,
    toy_resident,
    toy_routes,
    toy_sheets,
    toy_standing,
)
from tests.plugins.browser import LATENCY

KINDS = {
    "js": "text/javascript",
    "css": "text/css",
    "txt": "text/plain",
    "svg": "image/svg+xml",
    "json": "application/json",
}
TILES = {"tiles": ["http://here/tiles/grids/{z}/{x}/{y}.mvt?v=1"], "bounds": [117, 36, 118, 37]}
Answer = tuple[int, str, bytes]
DRAWN = {
    f"/api/plans/{toy.PLAN}/{what}"
    for what in ("base", "ground", "draft", "edits", "here", "loads", "nets")
}


class Site:
    """What the server answers; a test may replace any address."""

    def __init__(self) -> None:
        self.replaced: dict[str, tuple[int, Any]] = {}
        self.posted: list[str] = []
        self.bodies: list[Any] = []
        self.stream, self.fresh = b"", list[dict[str, Any]]()
        self.retry = 600_000  # ms until a browser asks for what happens again
        self.issues: list[dict[str, Any]] = toy.issues()["features"]
        self.address = ""
        self.sent = threading.local()  # of the request at hand: `body`, `if_match`, `turn`

    @cached_property
    def drawing(self) -> toy_drawing.Drawing:
        """The draft that pages draw on."""
        return toy_drawing.Drawing()

    def _drawn(self, what: str) -> Answer:
        """What the API says of the draft, or of the edit sent last."""
        ready: dict[str, Callable[[], bytes]] = {
            "nets": lambda: b"[]",
            "loads": self.drawing.loads,
            "base": self.drawing.over,
            "ground": lambda: self.drawing.ground,
        }
        if what in ready:
            return 200, KINDS["json"], ready[what]()
        if what == "here":
            told = {"version": self.drawing.bench.state[0], "others": self.drawing.others}
            return 200, KINDS["json"], json.dumps(told).encode()
        if what == "draft":
            return 200, KINDS["json"], json.dumps(self.drawing.look()).encode()
        status, body = self.drawing.edit(self.sent.body, self.sent.if_match, self.sent.turn)
        return status, KINDS["json"], json.dumps(body).encode()

    def answer(self, path: str, query: dict[str, str]) -> Answer:
        """Status, content type and body for one address."""
        if path in self.replaced:
            status, body = self.replaced[path]
            return status, KINDS["json"], json.dumps(body).encode()
        if path == "/api/events/stream" or "only" in query:
            return self._live(query)
        if path.startswith("/static/"):
            return 200, _kind(path), (assets.ROOT / "maps" / path.lstrip("/")).read_bytes()
        if path.startswith("/pages/"):
            return 200, _kind(path), page_files()[path.rpartition("/")[2]]
        if path.startswith(("/api/", "/tiles/")):
            drawn = self._drawn(path.rpartition("/")[2]) if path in DRAWN else None
            return drawn or (200, KINDS["json"], self._told(path, query))
        return 200, "text/html; charset=utf-8", self._page(path, query)

    def _told(self, path: str, query: dict[str, str]) -> bytes:
        if path.startswith("/tiles/"):  # of a city where nothing is drawn
            return json.dumps(TILES).encode() if path.endswith(".json") else b""
        if path in toy_board.ANSWERS:
            return json.dumps(toy_board.ANSWERS[path](self.issues, query)).encode()
        return encoded(path, *sorted(query.items()))

    def _live(self, query: dict[str, str]) -> Answer:
        """What happened meanwhile, and the issues it happened to."""
        if "only" in query:
            wanted = [
                f for f in toy.issues()["features"] if str(f["properties"]["id"]) == query["only"]
            ]
            changed = {**toy.issues(), "features": self.fresh or wanted}
            return 200, KINDS["json"], json.dumps(changed).encode()
        return 200, "text/event-stream", f"retry: {self.retry}\n\n".encode() + self.stream

    def _page(self, path: str, query: dict[str, str]) -> bytes:
        lang: Lang = "en" if query.get("lang") == "en" else "zh-CN"
        made: dict[str, Callable[[], offline.Page]] = {
            "/issues/4/why": lambda: why_page.why_page(4, lang=lang),
            "/": lambda: home_page.home_page(
                lang=lang, persons=toy.PERSONS, acting="P2", who=toy.PERSONS[1], closed=["/audit"]
            ),
            "/issues/4": lambda: one_page.one_page(4, lang=lang, who=toy.PERSONS[1]),
            "/issues/new": lambda: entry_page.entry_page(
                toy.SCOPE, "P2", lang=lang, who=toy.PERSONS[1]
            ),
            "/city": lambda: city_page.city_page(lang=lang, who=toy.PERSONS[1]),
            "/issues/import": lambda: _plain("upload", query, lang),
            "/plans/all": lambda: _plain("plans", query, lang),
            "/report": lambda: toy_resident.form(lang),
            "/report/mine": lambda: toy_resident.mine(lang),
            "/inbox": lambda: inbox_page.inbox_page(lang=lang, who=toy.PERSONS[1]),
            "/ledgers": lambda: _plain("ledger", query, lang),
            "/leader": lambda: _plain("leader", query, lang),
            "/notices": lambda: _plain("notice", query, lang),
            "/tasks": lambda: _plain("task", query, lang),
            "/tasks/31": lambda: _plain("task", query, lang, task=31),
            "/hooks": lambda: _plain("hook", query, lang),
            "/audit": lambda: _plain("audit", query, lang),
            "/accounts": lambda: _plain("accounts", query, lang),
            "/sign-in": lambda: sign_in_page.sign_in_page({"next": "/", "city": True}, lang=lang),
            "/sign-in/password": lambda: sign_in_page.sign_in_page(
                {"next": "/", "change": True}, lang=lang
            ),
            f"/plans/{toy.PLAN}/draw": lambda: draw_page.draw_page(
                toy.PLAN, toy.SCOPE, lang=lang, who=toy.PERSONS[0]
            ),
            f"/plans/{toy.PLAN}/sheets": lambda: toy_sheets.sheets("handover", lang),
            "/plans": lambda: plan_page.plan_page(toy.PLAN, toy.SCOPE, lang=lang),
            "/wall": lambda: board_page.wall_page(toy.SCOPE, lang=lang),
            "/issues": lambda: board_page.board_page(
                toy.SCOPE, lang=lang, who=toy.PERSONS[2], beyond="beyond" in query
            ),
        }
        return made.get(path, lambda: _nothing(path, lang))().html.encode()


def _plain(key: str, query: dict[str, str], lang: Lang, **more: Any) -> offline.Page:
    who = {"name": "赵敏", "role": query.get("as", "approver")}
    kinds = [{"name": kind.name, "zh": kind.zh, "en": kind.en} for kind in KINDS_ALONE]
    config = {"scope": toy.SCOPE, "who": who, "sources": entry_page.named_sources(), "kinds": kinds}
    return plain_page.plain_page(key, config | more, lang=lang)


def _nothing(path: str, lang: Lang) -> offline.Page:
    return problem_page.problem_page(404, "Missing", f"没有这个方案：<b>{path}</b>", lang=lang)


@cache
def encoded(path: str, *query: tuple[str, str]) -> bytes:
    """The answer as bytes, made once."""
    return json.dumps(data(path, dict(query))).encode()


def data(path: str, query: dict[str, str]) -> Any:
    """What the API would answer about the toy city."""
    if path == "/api/areas.geojson":
        return toy.ANSWERS[query["kind"], "draft" if "plan" in query else "now"]()
    if path.endswith(("/route", "/why")):
        told = toy_routes.why if path.endswith("/why") else toy_routes.route
        return told(int(path.split("/")[3]))
    if path.endswith("/whistle"):  # the list names nobody for it
        return {"departments": [], "signers": []}
    if path.startswith("/api/issues/") and path.rpartition("/")[2].isdigit():
        return toy_entry.case(int(path.rpartition("/")[2]))
    answers: dict[str, Callable[[], Any]] = {
        f"/api/plans/{toy.PLAN}/comments": list,
        "/api/base.geojson": toy.ground,
        "/api/places.geojson": toy.buildings,
        "/api/issues.geojson": toy.issues,
        "/api/plans": toy.plans,
        "/api/services": toy_entry.services,
        **toy_standing.ANSWERS,
        "/api/inbox": toy_inbox.inbox,
        "/api/inbox/month": toy_inbox.month,
        "/api/issues/preview": toy_entry.foreseen,
        "/api/issues/nearby": lambda: toy_entry.foreseen()["nearby"],
        f"/api/plans/{toy.PLAN}/compare": toy.compare,
        f"/api/plans/{toy.PLAN}": toy.plan,
        f"/api/plans/{toy.PLAN}/diff": toy.diff,
        f"/api/plans/{toy.PLAN}/steps": lambda: {"state": "submitted"},
    }
    return answers[path]()


def _kind(path: str) -> str:
    return KINDS[path.rpartition(".")[2]]


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/api/"):
            time.sleep(random.uniform(0, LATENCY))  # answers overtake each other
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        status, kind, body = self.site.answer(parts.path, query)
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-security-policy", offline.POLICY)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # the browser went to another page meanwhile
            self.wfile.write(body)

    def do_POST(self) -> None:
        self.site.posted.append(self.path)
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        is_json = self.headers.get("content-type") == "application/json"
        body = json.loads(sent) if is_json else sent
        self.site.bodies.append(body)
        self.site.sent.body, self.site.sent.if_match = body, self.headers.get("if-match")
        if self.path in DRAWN:
            self.site.sent.turn = self.site.drawing.turn
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def serve() -> Iterator[Site]:
    """A running server; its `address` is where."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
