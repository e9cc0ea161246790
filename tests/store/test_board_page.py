"""The board in Chromium on the real API: an issue sent, taken, returned, sent again, whistled for,
finished and called back; several at once; hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Dialog, Page, expect

from api.acting import COOKIE
from api.app import create_app
from geo.store.database import Store
from tests.plugins.browser import Watched
from tests.serving import served
from tests.store import toy

HOSTILE: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "${alert(3)}`${alert(4)}`",
    "'\"><svg/onload=alert(5)>",
    "\u202e卐 反写 \u2066",
    "javascript:alert(6)//",
    "{{7*7}} %s %n \\u0000 &lt;b&gt;",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "ヽ༼ຈل͜ຈ༽ﾉ 👩‍👩‍👧‍👦 🏳️‍🌈",
    "=cmd|' /C calc'!A0",
)
STEERING: Final = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # not shown: they turn text
)
LEADER: Final = f"leader-{toy.ONE}001"


@pytest.fixture(scope="module")
def site(store: Store, front_end: object) -> Iterator[str]:
    """The address of the real application over the toy city."""
    assert front_end
    toy.load(store)
    with store.owner.begin() as conn:
        conn.exec_driver_sql("insert into service (code, name) values ('lamp', '路灯')")
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent) values"
            " ('bureau', 'department', '市政局', null), ('clerk', 'person', '丁', 'bureau')"
        )
        conn.exec_driver_sql(
            "insert into duty (party, role, net, area, service, row_number)"
            f" values ('bureau', 'department', 'admin', '{toy.SUBDISTRICT}', 'lamp', 37)"
        )
    with served(create_app(store, person="dispatcher")) as root:
        yield root


def become(page: Page, site: str, person: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": person, "url": site}])


def reported(page: Page, site: str, reference: str, text: str) -> int:
    lon, lat = toy.WEST + 0.004, toy.SOUTH + 0.016
    told = {"source": "hotline", "reference": reference, "text": text, "datum": "wgs84"}
    answer = page.request.post(f"{site}/api/issues", data={**told, "lon": lon, "lat": lat})
    assert answer.status == 201, answer.text()
    return int(answer.json()["id"])


def stepped(page: Page, site: str, issue: int, person: str, step: str, **more: Any) -> None:
    """Somebody else takes a step, on a phone of theirs."""
    headers = {"cookie": f"{COOKIE}={person}"}
    case = page.request.get(f"{site}/api/issues/{issue}", headers=headers).json()
    offered = next(each for each in case["steps"] if each["step"] == step)
    told = {"step": step, "task": offered["task"], **more}
    answer = page.request.post(f"{site}/api/issues/{issue}/steps", data=told, headers=headers)
    assert answer.status == 200, answer.text()


def opened(page: Watched, site: str, query: str = "") -> Page:
    shown = page.open(f"{site}/issues?scope={toy.SUBDISTRICT}{query}", ready="board")
    expect(shown.locator(".live")).to_have_text("实时")
    return shown


def pressed(shown: Page, step: str) -> None:
    """Press the first button of a step, behind 更多 or not."""
    button = shown.locator(f"#card [data-step={step}]").first
    button.wait_for(state="attached")
    more = shown.locator("#card .more-steps")
    if more.count() and not button.is_visible():
        more.locator("summary").click()
    button.click()


def stands(shown: Page, state: str) -> None:
    expect(shown.locator("#card .card-state")).to_have_text(state)


def called_in(page: Watched, site: str, number: int) -> None:
    """The bureau is whistled for on the card, comes, and finishes on a phone of its own."""
    shown = page.page
    row = shown.locator("#card .call").filter(has_text="市政局")
    expect(row).to_contain_text("在办 0")
    pressed(shown, "whistle")
    expect(shown.locator("#step-parties-list")).to_contain_text("在办 0")  # the form says it, too
    shown.locator("#card #step-reason").fill("要部门到场，先写到这里")
    shown.keyboard.press("Escape")
    expect(shown.locator("#card .deed-room")).to_have_text("写的还在，再点「吹哨」接着写。")
    row.locator("input").check()
    expect(shown.locator("#card .calls")).to_contain_text("签批：approver")
    shown.locator("#card [data-call=go]").click()
    expect(shown.locator("#card #step-reason")).to_have_value("要部门到场，先写到这里")
    expect(shown.locator("#card .deed .chips").first).to_contain_text("市政局")
    shown.locator("#card #step-emergency").check()
    shown.locator("#card .deed .main").click()
    expect(shown.locator("#card .arrival")).to_contain_text("前到场，剩")
    stepped(shown, site, number, "clerk", "take")
    here = {"lon": toy.WEST + 0.004, "lat": toy.SOUTH + 0.016, "datum": "wgs84"}
    stepped(shown, site, number, "clerk", "arrive", **here)
    expect(shown.locator("#card .arrival")).to_contain_text("到场，用了 <1 分钟")
    stepped(shown, site, number, "clerk", "finish", result="围挡好了")


def test_an_issue_goes_all_the_way_on_the_board(page: Watched, site: str) -> None:
    become(page.page, site, "dispatcher")
    number = reported(page.page, site, "E2E-1", "路灯不亮，请来看看")
    shown = opened(page, site)
    shown.locator(".work").first.focus()
    for key in ("Enter", "Tab", "Enter"):  # open it, and skip to what can be done
        shown.keyboard.press(key)
    expect(shown.locator("#card .card-foot .main")).to_be_focused()
    shown.keyboard.press("Enter")
    stands(shown, "待签收")
    stepped(page.page, site, number, LEADER, "return", reason="不是我们的")
    stands(shown, "退单待审")
    pressed(shown, "resend")
    shown.locator("#card .deed .main").click()
    stands(shown, "待签收")
    stepped(page.page, site, number, LEADER, "take")
    stands(shown, "办理中")
    called_in(page, site, number)
    stepped(page.page, site, number, LEADER, "finish", result="换了灯泡")
    become(page.page, site, "dispatcher")
    expect(shown.locator(f".work-row[data-id='{number}']")).to_contain_text("路灯不亮")
    history = page.page.request.get(f"{site}/api/issues/{number}").json()["history"]
    assert {"send", "return", "resend", "take", "whistle", "finish"} <= {e["name"] for e in history}
    again = opened(page, site, f"&issue={number}")
    stands(again, "待核查")
    main = again.locator("#card .card-foot .main")
    expect(main).to_have_text("核查通过（2 项一起）")  # the grid's task and the bureau's
    main.click()
    again.locator("#step-solved").select_option("yes")
    again.locator("#step-satisfied").select_option("yes")
    again.locator("#card .deed .main").click()
    stands(again, "已结案")


def test_a_task_of_no_issue_goes_all_the_way_on_its_page(page: Watched, site: str) -> None:
    become(page.page, site, "dispatcher")
    shown = page.open(f"{site}/tasks", ready="task")
    shown.locator(".new-task summary").click()
    shown.select_option("#task-kind", "mediate")
    shown.fill("#task-text", "邻里<b>纠纷</b>")
    for name, words in (("party", LEADER), ("among", "stranger")):
        shown.fill(f"#task-{name}", words)
        shown.locator(f"#task-{name}-list li").filter(has_text=words).first.click()
    shown.fill("#task-area", toy.ONE)
    shown.locator("#task-area-list li").first.click()
    shown.locator(".new-task button[type=submit]").click()
    shown.get_by_role("link", name="邻里<b>纠纷</b>").click()
    expect(shown.locator("dl.facts")).to_contain_text("stranger")
    become(page.page, site, LEADER)
    shown.reload()
    for step, state in (("take", "办理中"), ("finish", "待核查")):
        shown.locator(f"[data-step={step}]").click()
        if step == "finish":
            shown.fill("#step-result", "谈好了")
            shown.locator(".deed .main").click()
        expect(shown.locator(".card-state")).to_have_text(state)
    become(page.page, site, "checker")
    listed = page.open(f"{site}/tasks", ready="task")
    expect(listed.locator("p[role=status]").first).to_have_text("矛盾化解未结 1（只计数）")
    expect(listed.locator(".state.empty")).to_be_visible()


def test_several_are_sent_at_once_and_arrivals_wait_to_be_shown(page: Watched, site: str) -> None:
    become(page.page, site, "dispatcher")
    numbers = [reported(page.page, site, f"E2E-2{n}", f"第 {n} 件") for n in range(3)]
    shown = opened(page, site, "&queue=new")
    expect(shown.locator(".work")).to_have_count(3)
    late = reported(page.page, site, "E2E-24", "后到的")
    expect(shown.locator(".news")).to_be_visible()
    expect(shown.locator(".work")).to_have_count(3)
    for number in numbers:
        shown.locator(f".work-row[data-id='{number}'] input").check()
    shown.locator(".several [data-step=send]").click()
    expect(shown.locator(".several .sent")).to_have_text("已办 3 件")
    expect(shown.locator(".work")).to_have_count(1)
    expect(shown.locator(".work-row")).to_have_attribute("data-id", str(late))


def test_hostile_words_are_shown_as_typed(page: Watched, site: str) -> None:
    become(page.page, site, "dispatcher")
    dialogs: list[str] = []

    def refused(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.page.on("dialog", refused)
    numbers = [reported(page.page, site, f"E2E-3{n}", text) for n, text in enumerate(HOSTILE)]
    shown = opened(page, site, "&queue=new")
    for number, text in zip(numbers, HOSTILE, strict=True):
        shown.locator(f".work-row[data-id='{number}'] .work").click()
        said = shown.locator("#card blockquote").text_content()
        told = page.page.request.get(f"{site}/api/issues.geojson?only={number}").json()
        kept = told["features"][0]["properties"]["text"]
        assert kept == text
        assert said == "".join(c for c in text if c not in STEERING)
    shown.get_by_role("searchbox").fill(HOSTILE[1])
    expect(shown.locator(".work")).to_have_count(1)
    assert dialogs == []
