"""Pages: rendered once, their scripts kept as content-named files of our own origin."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.acting import COOKIE
from api.comparing import plan_row
from api.language import Language
from api.persons import cast_of, home_scope, named, works_in
from api.sheets import Chosen, sheets_of, way_to
from api.signing_in.entrance import Entrance
from api.transactions import Acting, Person
from geo.errors import MissingError
from geo.issues.alone import KINDS
from geo.store.database import Connection
from geo.store.net.people import is_person
from geo.store.working.alone import look_alone
from geo.store.working.handling import look
from geo.store.working.tasks import holds
from maps.board_page import board_page, wall_page
from maps.charts import page_files
from maps.chrome import checked_code
from maps.city_page import city_page
from maps.draw_page import draw_page
from maps.entry_page import entry_page, named_sources
from maps.home_page import home_page
from maps.inbox_page import inbox_page
from maps.offline import Page
from maps.one_page import one_page
from maps.plain_page import plain_page
from maps.plan_page import plan_page
from maps.sheets_page import Purpose, sheets_page
from maps.why_page import why_page

router = APIRouter(include_in_schema=False)
_MEDIA: Final = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
# A page of buttons, not a directory.
_PERSONS_SHOWN: Final = 24
# Pages of few: whose they are, anywhere; what they ask refuses everybody else.
_OF_FEW: Final = {
    "/hooks": ("approver",), "/accounts": ("administrator",), "/audit": ("auditor",)
}  # fmt: skip
_FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/")
def home(request: Request, conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the first page."""
    entrance: Entrance = request.app.state.entrance
    around = home_scope(conn, request.app.state.default_person)
    cast = cast_of(conn, around).head(0 if entrance.demands_sign_in() else _PERSONS_SHOWN)
    persons = cast.to_dict("records")
    who = named(conn, person)
    closed = [page for page, roles in _OF_FEW.items() if not holds(conn, roles, ())]
    return _answer(home_page(lang=lang, persons=persons, acting=person, who=who, closed=closed))


@router.get("/plans")
def plans(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of the plans there are, where a draft is begun."""
    config = {"scope": home_scope(conn, person), "who": named(conn, person)}
    return _answer(plain_page("plans", config, lang=lang))


@router.get("/plans/{plan}")
def plan(conn: Acting, person: Person, plan: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of a plan before and after."""
    scope = str(plan_row(conn, plan)["scope"])
    return _answer(plan_page(str(plan), scope, lang=lang, who=named(conn, person)))


@router.get("/plans/{plan}/draw")
def draw(conn: Acting, person: Person, plan: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page where a plan is drawn."""
    scope = str(plan_row(conn, plan)["scope"])
    who = {"party": person, **(named(conn, person) or {})}
    return _answer(draw_page(str(plan), scope, lang=lang, who=who))


@router.get("/city")
def city(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of the whole city as it is in force."""
    return _answer(city_page(lang=lang, who=named(conn, person)))


@router.get("/plans/{plan}/sheets")
def sheets(
    request: Request,
    conn: Acting,
    person: Person,
    *,
    plan: int,
    purpose: Purpose = "notice",
    grid: str | None = None,
    community: str | None = None,
    lang: Language = "zh-CN",
) -> HTMLResponse:
    """Return the sheets of a plan's grids, to be printed: all, of one community, or one."""
    way = way_to(request.app.state.settings, str(request.base_url), plan, purpose)
    told = sheets_of(conn, plan, Chosen(purpose, grid, community), way)
    return _answer(sheets_page(told, lang=lang, who=named(conn, person)))


@router.get("/issues")
def issues(conn: Acting, person: Person, scope: str = "", lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of the issues inside an area, by default the person's own."""
    inside = scope or home_scope(conn, person)
    beyond = bool(scope) and not works_in(conn, person, scope)
    who = named(conn, person)
    return _answer(board_page(inside, lang=lang, who=who, beyond=beyond))


@router.get("/wall")
def wall(conn: Acting, person: Person, scope: str = "", lang: Language = "zh-CN") -> HTMLResponse:
    """Return what hangs on the wall of a dispatchers' room, by default of the person's own area."""
    return _answer(wall_page(scope or home_scope(conn, person), lang=lang))


@router.get("/issues/new")
def enter(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page where an issue is entered."""
    who = named(conn, person)
    return _answer(entry_page(home_scope(conn, person), person, lang=lang, who=who))


@router.get("/issues/import")
def upload(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page that takes the hotline's file in."""
    config = {"who": named(conn, person), "sources": named_sources()}
    return _answer(plain_page("upload", config, lang=lang))


@router.get("/issues/{issue}")
def one(conn: Acting, person: Person, issue: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of one issue."""
    look(conn, issue)
    return _answer(one_page(issue, lang=lang, who=named(conn, person)))


@router.get("/issues/{issue}/why")
def why(conn: Acting, person: Person, issue: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page to print that says whose an issue is, and why."""
    look(conn, issue)
    return _answer(why_page(issue, lang=lang, who=named(conn, person)))


@router.get("/inbox")
def inbox(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of what waits for the organisation of whoever asks."""
    return _answer(inbox_page(lang=lang, who=named(conn, person)))


@router.get("/ledgers")
def ledgers(
    conn: Acting, person: Person, scope: str = "", lang: Language = "zh-CN"
) -> HTMLResponse:
    """Return the page of what nobody owned and of what is held: all that the person may see."""
    config = {"scope": checked_code(scope), "who": named(conn, person)}
    return _answer(plain_page("ledger", config, lang=lang))


@router.get("/leader")
def leader(conn: Acting, person: Person, scope: str = "", lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of what waits for a leader, by default of the person's own area."""
    inside = checked_code(scope) or home_scope(conn, person)
    config = {"scope": inside, "who": named(conn, person)}
    return _answer(plain_page("leader", config, lang=lang))


@router.get("/notices")
def notices(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of what came for the person."""
    return _answer(plain_page("notice", {"who": named(conn, person)}, lang=lang))


@router.get("/tasks")
def tasks(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of tasks of no issue."""
    return _answer(plain_page("task", _of_tasks(conn, person), lang=lang))


@router.get("/tasks/{task}")
def task(conn: Acting, person: Person, task: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of one task of no issue."""
    look_alone(conn, task)
    config = {**_of_tasks(conn, person), "task": task}
    return _answer(plain_page("task", config, lang=lang))


@router.get("/hooks")
def hooks(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of webhooks and of what they delivered."""
    config = {"scope": home_scope(conn, person), "who": named(conn, person)}
    return _answer(plain_page("hook", config, lang=lang))


@router.get("/accounts")
def accounts(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of accounts, for whoever administers some."""
    return _answer(plain_page("accounts", {"who": named(conn, person)}, lang=lang))


@router.get("/audit")
def audit(conn: Acting, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of what auditors read."""
    return _answer(plain_page("audit", {"who": named(conn, person)}, lang=lang))


@router.post("/as/{person}")
def act_as(request: Request, conn: Acting, person: str) -> RedirectResponse:
    """Act as another person of the city from now on, in this browser, while nobody signs in."""
    entrance: Entrance = request.app.state.entrance
    if entrance.demands_sign_in() or not is_person(conn, person):
        raise MissingError(noun="demo person", noun_zh="演示人员", key=person[:80])
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, person, httponly=True, samesite="strict")
    return answer


@router.get("/pages/{name}")
def page_file(name: str) -> Response:
    """Return a script or style sheet that was moved out of a page, whichever process made that."""
    files = page_files()
    if name not in files:
        raise MissingError(noun="page file", noun_zh="页面文件", key=name[:80])
    return Response(files[name], media_type=_MEDIA[name.rpartition(".")[2]], headers=_FOR_EVER)


def _of_tasks(conn: Connection, person: str) -> dict[str, object]:
    kinds = [{"name": kind.name, "zh": kind.zh, "en": kind.en} for kind in KINDS]
    return {"scope": home_scope(conn, person), "who": named(conn, person), "kinds": kinds}


def _answer(page: Page) -> HTMLResponse:
    return HTMLResponse(page.html, headers={"cache-control": "no-cache"})
