"""Every endpoint, asked by whoever must not see or do what it is about: nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import text

from geo.store import accounts
from geo.store.database import transaction
from tests.photographed import jpeg
from tests.plugins.database import Databases
from tests.store import matrix, toy
from tests.store.matrix import (
    ANYBODY,
    BY_LINK,
    HOLDER,
    MARKED,
    SECRET,
    SESSION,
    SHARED,
    Ground,
    ask,
    asks_who,
    client,
    endpoints,
    page_filters,
    session,
)
from tests.store.owned import (
    BARE,
    BARE_BUT_TOLD_OF,
    TRIED,
    WITH_THE_OWNERS_RIGHTS,
    told,
)

OUTSIDERS: Final = {
    "beside": "every desk of another district's subdistrict",
    f"leader-{toy.ONE}001": "the leader of another grid of the same community",
    "well": "another department's",
    "over": "held every desk here until today, and wrote the issue down",
    "stranger": "no duty",
}
INSIDERS: Final = ("dispatcher", HOLDER, "planner", "approver", "minds", "checker", "desk")
PHOTO: Final = {"content": jpeg(shade=90), "headers": {"content-type": "image/jpeg"}}
FILE: Final = {"content": b"a,b\n1,2\n", "headers": {"content-type": "application/octet-stream"}}
KEY: Final = {"headers": {"idempotency-key": "report-0001"}}
SCOPE: Final = {"scope": toy.SUBDISTRICT}
BY_PHONE: Final[dict[str, dict[str, Any]]] = {
    "POST /api/phone/{link}/tasks/{task}/steps": {"json": {"step": "take"}},
    "POST /api/phone/{link}/tasks/{task}/photos": PHOTO | {"params": {"stage": "after"}},
    "POST /api/phone/{link}/visits": {"json": {"building": "B", "door": "D", "found": "nobody"}}
    | KEY,
    "POST /api/phone/{link}/reports": {"json": {"text": "x", "lon": 117.0, "lat": 36.6}} | KEY,
    "POST /api/phone/{link}/reports/{reference}/photos": PHOTO | {"params": {"stage": "after"}},
}
# What each change is sent, in a form that somebody who may would not be refused for.
SENT: Final[dict[str, dict[str, Any]]] = {
    "POST /api/issues/{issue}/send": {"json": {}},
    "POST /api/issues/{issue}/steps": {"json": {"step": "note", "reason": "x"}},
    "POST /api/issues/{issue}/photos": PHOTO | {"params": {"stage": "after"}},
    "POST /api/issues/{issue}/contact": {"json": {"reason": "to call back"}},
    "POST /api/issues/steps": {"json": {"steps": [{"step": "cancel", "issue": 1, "reason": "x"}]}},
    "POST /api/issues": {},
    "POST /api/issues/import": FILE,
    "POST /api/issues/preview": {},
    "POST /api/tasks/{task}/photos": PHOTO | {"params": {"stage": "after"}},
    "POST /api/tasks/{task}/take": {},
    "POST /api/tasks/{task}/steps": {"json": {"step": "take"}},
    "POST /api/tasks/{task}/links": {},
    "POST /api/audit/verify": {},
    "POST /api/tasks": {"json": {"kind": "errand", "party": HOLDER, "area": toy.ONE, "text": "x"}},
    "POST /api/parties/{party}/links": {"json": {"day": "2099-01-01"}},
    "POST /api/reviews": {"json": {"kind": "whistle", "task": 1, "response": 5, "quality": 5}},
    "POST /api/plans": {"json": {"scope": toy.ONE, "title": "x"}},
    "POST /api/plans/{plan}/edits": {"json": {"kind": "lock"}, "headers": {"if-match": '"2"'}},
    "POST /api/plans/{plan}/here": {"json": {}},
    "POST /api/plans/{plan}/comments": {
        "json": {"text": "x", "at": [toy.WEST, toy.SOUTH], "datum": "wgs84"}
    },
    "POST /api/plans/{plan}/comments/{comment}/answers": {"json": {"text": "x"}},
    "POST /api/plans/{plan}/comments/{comment}/settled": {"json": {"settled": True}},
    "POST /api/plans/{plan}/fork": {"json": {"title": "x"}},
    "POST /api/plans/{plan}/import": {
        "content": b"atom,grid\n",
        "params": {"form": "csv", "partial": "true"},
    },
    "POST /api/plans/{plan}/steps": {"json": {"step": "submit"}},
    "POST /api/nets/{net}/revisions/{number}/rollback": {},
    "POST /api/list/import": FILE | {"params": SCOPE},
    "POST /api/list/try": FILE | {"params": SCOPE | {"since": "2026-01-01"}},
    "POST /api/ledgers/fallback/{issue}/ruling": {"json": {"party": "roads", "reason": "x"}},
    "POST /api/notices/{kind}/{task}/read": {},
    "POST /api/hooks": {"json": {"name": "new", "area": "370102", "url": "https://a.example.cn/"}},
    "DELETE /api/hooks/{name}": {},
    "POST /api/outbox/{delivery}/retry": {},
    "POST /api/outbox/{delivery}/acknowledge": {"json": {"reference": "x"}},
    "POST /api/accounts": {"json": {"party": "leader"}},
    "POST /api/accounts/{party}/reset": {},
    "POST /api/accounts/{party}/close": {},
    "POST /api/accounts/{party}/open": {},
    "POST /api/accounts/{party}/sign-out": {},
    "POST /api/accounts/{party}/duties": {
        "json": {"role": "grid_worker", "area": toy.ONE, "valid_from": "2099-01-01"}
    },
    "POST /api/accounts/{party}/duties/{duty}/end": {"json": {"on": "2099-01-01"}},
    "DELETE /api/links/{link}": {},
    "POST /as/{person}": {},
    "POST /sign-in/password": {},
}


@pytest.fixture(scope="module")
def ground(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    name, store = databases.make(toy_database)
    yield matrix.made(store, tmp_path_factory.mktemp("matrix"))
    store.close()
    databases.drop(name)


def about(endpoint: str) -> bool:
    """Tell whether an endpoint is about one thing that its address names."""
    return "{" in endpoint and endpoint not in SHARED


def for_people(ground: Ground) -> list[str]:
    """Return the endpoints that ask who somebody is; those that stream have no end."""
    return [one for one in endpoints(ground.app) if asks_who(one) and "/stream" not in one]


def test_the_matrix_knows_every_endpoint_and_none_that_is_gone(ground: Ground) -> None:
    there = endpoints(ground.app)
    assert len(there) > 130
    changes = {one for one in there if asks_who(one) and not one.startswith("GET")}
    assert changes == SENT.keys()
    assert (ANYBODY.keys() | SHARED) - set(there) == set()


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_whoever_must_not_learns_nothing_and_changes_nothing(ground: Ground, outsider: str) -> None:
    asking, cookie = client(ground), session(ground, outsider)
    before = matrix.rows(ground.store)
    leaks = []
    for endpoint in for_people(ground):
        asked = SENT.get(endpoint, {} if "{" in endpoint else {"params": SCOPE})
        answer = ask(asking, ground, endpoint, cookie, asked)
        told = any(word in answer.text for word in (SECRET, MARKED))
        let = about(endpoint) and answer.status_code not in (403, 404)
        if told or answer.status_code >= 500 or let:
            leaks.append((endpoint, answer.status_code, answer.text[:200]))
    assert not leaks, "\n".join(map(str, leaks))
    after = matrix.rows(ground.store)
    assert {name: held - after[name] for name, held in before.items() if held - after[name]} == {}


def filters(ground: Ground) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each filter of what is read, as the API describes it, naming what is another's."""
    held = {"plan": ground.parts["plan"], "before": ground.parts["plan"], "only": "1,2,3"}
    named = {"scope": toy.SUBDISTRICT, "at": 1, "limit": 1_000, "party": HOLDER} | held
    named |= {"grid": f"{toy.ONE}003", "community": toy.ONE, "purpose": "handover"}
    for at, name in page_filters(ground.app):
        yield at, {name: str(named.get(name, SECRET[:2]))}
    for path, methods in ground.app.openapi()["paths"].items():
        asked = [
            each for each in methods.get("get", {}).get("parameters", ()) if "/stream" not in path
        ]
        needed = {
            each["name"]: named.get(each["name"], 1) for each in asked if each.get("required")
        }
        for name in (each["name"] for each in asked if each["in"] == "query"):
            about = {key: value for key, value in needed.items() if f"{{{key}}}" not in path}
            yield f"GET {path}", about | {name: named.get(name, SECRET[:2])}


def test_no_filter_and_no_search_tells_an_outsider_more(ground: Ground) -> None:
    asking, cookie, leaks, known = client(ground), session(ground, "beside"), [], 0
    for endpoint, params in filters(ground):
        answer = ask(asking, ground, endpoint, cookie, {"params": params})
        known += answer.status_code == 200
        if answer.status_code >= 500 or any(word in answer.text for word in (SECRET, MARKED)):
            leaks.append((endpoint, params, answer.status_code, answer.text[:200]))
    assert not leaks, "\n".join(map(str, leaks))
    assert known > 60, "most are answered, with what is the person's own"


def test_no_phone_but_the_one_that_a_link_is_bound_to_is_let_in(ground: Ground) -> None:
    held, good = matrix.phone(ground), "expires_at = now() + interval '1 hour'"
    by_link = [one for one in endpoints(ground.app) if one.partition(" ")[2].startswith(BY_LINK)]
    asking = client(ground)
    assert ask(asking, ground, "POST /api/phone/{link}/device", held, {}).status_code == 204
    first = ask(asking, ground, "GET /api/phone/{link}", held, {})
    assert first.status_code == 200, first.text
    assert SECRET in first.text
    refused = {
        "none": "",
        "forged": matrix.phone(ground, ours=False),
        "another link's": matrix.phone(ground, link=99),
        "replaced": matrix.phone(ground, serial=2),
        "another phone's": matrix.phone(ground),
        "no phone but a person": session(ground, "minds"),
    }
    assert _let_in(ground, by_link, refused) == []
    for spoilt in ("expires_at = now()", f"{good}, revoked_at = now()"):
        _changed(ground, f"update link set {spoilt}")
        assert _let_in(ground, by_link, {spoilt: held}) == []
    _changed(ground, f"update link set {good}, revoked_at = null")


def _changed(ground: Ground, order: str) -> None:
    with transaction(ground.store.owner, "x") as conn:
        conn.execute(text(order))


def _let_in(ground: Ground, by_link: list[str], cookies: dict[str, str]) -> list[object]:
    open_: list[object] = []
    asking = client(ground)
    for endpoint in by_link:
        for kind, cookie in cookies.items():
            answer = ask(asking, ground, endpoint, cookie, BY_PHONE.get(endpoint, {}))
            if (answer.status_code, answer.json().get("code")) != (403, "LinkClosed"):
                open_.append((endpoint, kind, answer.status_code, answer.text[:200]))
    return open_


def test_every_table_and_view_is_under_row_level_security(ground: Ground) -> None:
    with transaction(ground.store.owner, "x") as conn:
        assert set(conn.execute(text(BARE)).scalars()) <= BARE_BUT_TOLD_OF


@pytest.mark.parametrize("outsider", ["", *OUTSIDERS])
def test_raw_sql_shows_an_outsider_no_more_and_lets_it_write_nothing(
    ground: Ground, outsider: str
) -> None:
    store, told, written = ground.store, {}, {}
    for table in (*matrix.tables(store), *BARE_BUT_TOLD_OF):
        shown = matrix.readable(store, outsider, table)
        told[table] = [row for row in shown if SECRET in row or MARKED in row]
        written[table] = matrix.changeable(store, outsider, table)
    assert {table: rows for table, rows in told.items() if rows} == {}
    # How many revisions a net has is counted on by whoever approves anywhere.
    counted = {"net": 3} if outsider == "beside" else {}
    assert {table: count for table, count in written.items() if count} == counted


def test_what_acts_with_the_owners_rights_is_granted_to_no_more_than_the_app(
    ground: Ground,
) -> None:
    with transaction(ground.store.owner, "x") as conn:
        named = conn.execute(text(WITH_THE_OWNERS_RIGHTS)).all()
    assert len(named) > 25
    assert [each.name for each in named if each.public] == []
    assert {kind for each in named for kind in each.takes} <= TRIED.keys()


@pytest.mark.parametrize("person", ["", *OUTSIDERS])
def test_what_acts_with_the_owners_rights_tells_an_outsider_of_no_issue(
    ground: Ground, person: str
) -> None:
    with transaction(ground.store.owner, "x") as conn:
        named = conn.execute(text(WITH_THE_OWNERS_RIGHTS)).all()
    answers = {each.name: told(ground, person, each.name, each.takes) for each in named}
    assert {name: rows for name, rows in answers.items() if rows} == {}


TELLING: Final = """create function {} language sql security definer as
    $$ select {} from task where issue is not null $$"""


@pytest.mark.parametrize(
    ("function", "what", "takes"),
    [
        ("a_word(n bigint, t text) returns text", "max(text)", ["bigint", "text"]),
        ("numbers() returns bigint[]", "array_agg(issue)", []),
        ("whether(n bigint) returns boolean", "bool_or(issue = n)", ["bigint"]),
    ],
)
def test_a_function_that_tells_of_an_issue_is_found(
    ground: Ground, function: str, what: str, takes: list[str]
) -> None:
    words = f"max((select max(text) from issue where text like '%{SECRET}%'))"
    _changed(ground, TELLING.format(function, what.replace("max(text)", words)))
    name = function.partition("(")[0]
    assert told(ground, "stranger", name, takes)
    _changed(ground, f"drop function {name}")


def test_who_may_is_let_in_to_each_of_them_by_the_same_question(ground: Ground) -> None:
    asking = client(ground)
    cookies = {person: session(ground, person) for person in INSIDERS}
    shut = []
    for endpoint in filter(about, for_people(ground)):
        sent, said = SENT.get(endpoint, {}), []
        for person in INSIDERS:
            said.append(ask(asking, ground, endpoint, cookies[person], sent).status_code)
            if said[-1] < 400 or said[-1] in (409, 412):
                break
        else:
            shut.append((endpoint, said))
    assert not shut, "\n".join(map(str, shut))


def test_no_session_that_is_over_or_none_opens_anything(ground: Ground) -> None:
    entrance, spoilt = ground.app.state.entrance, {"none": "", "forged": f"{SESSION}=AAAA"}
    orders = {
        "expired": "update session set ends_at = now() where party = 'dispatcher'",
        "unused": "update session set seen_at = now() - '13 h'::interval where party = 'planner'",
        "left": "update party set ended_on = current_date where code = 'desk'",
    }
    for kind, order in orders.items():
        person = re.findall("'(.*?)'", order)[-1]
        spoilt[kind] = session(ground, person)
        _changed(ground, order)
        entrance.forget(person)
    spoilt |= {"revoked": session(ground, "approver"), "closed": session(ground, "checker")}
    client(ground).post("/sign-out", headers={"cookie": spoilt["revoked"]})
    with transaction(ground.store.owner, "x") as conn:
        accounts.set_open(conn, "checker", is_open=False)
    asking, open_ = client(ground), []
    for endpoint in filter(asks_who, endpoints(ground.app)):
        for kind, cookie in spoilt.items():
            answer = ask(asking, ground, endpoint, cookie, SENT.get(endpoint, {}))
            if (answer.status_code, answer.json().get("code")) != (401, "SignInNeeded"):
                open_.append((endpoint, kind, answer.status_code, answer.text[:200]))
    assert not open_, "\n".join(map(str, open_))
