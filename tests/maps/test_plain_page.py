from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from geo.seals import read_seals
from tests.judged import faults
from tests.maps import toy_routes, toy_standing
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched


def opened(watched: Watched, site: Site, path: str) -> Page:
    named = re.split("[?#]", path.strip("/"))[0]
    ready = {"accounts": "accounts"}.get(named, named.removesuffix("s"))
    return watched.open(site.address + path, ready=ready)


RULED = {"party": "D7", "reason": "照明条例第四条", "area": None, "alike": True}


def test_what_nobody_owned_is_ruled_on_where_it_is_listed(page: Watched, site: Site) -> None:
    shown = opened(page, site, "/ledgers")
    rows = shown.locator(".rows-table tbody tr")
    assert rows.count() == 3
    assert "清单须处理：两个牵头单位" in rows.nth(0).inner_text()
    assert toy_routes.NAUGHTY in rows.nth(2).inner_text()
    assert rows.nth(2).get_by_role("link", name="去定位").get_attribute("href") == "/issues/9"
    shown.locator(".groups button").nth(2).click()
    assert rows.count() == 1
    shown.locator(".groups button").first.click()
    rows.nth(0).get_by_role("button", name="裁定").click()
    shown.locator(".ruling button.main").click()
    assert shown.locator(".ruling .faulty").count() == 2
    shown.fill("#ruling-party", "照明")
    shown.locator("#ruling-party-list li").click()
    shown.fill("#ruling-reason", "照明条例第四条")
    shown.get_by_label("同类的另外 1 件也按这一行转去").check()
    page.shoot("ledger")
    ruled = {"row": 31, "stands": None, "alike": [8]}
    site.replaced["/api/ledgers/fallback/7/ruling"] = (200, ruled)
    left = toy_standing.fallback()
    site.replaced["/api/ledgers/fallback"] = (200, left | {"entries": left["entries"][1:]})
    with read_late(shown, "/api/ledgers/fallback", shown.locator(".ruling button.main")):
        shown.wait_for_selector(".sent >> text=归 市照明处，写进清单第 31 行，同类 1 件一并转去")
        assert site.bodies[-1] == RULED
        rows.filter(has_text="JW-8").get_by_role("button", name="裁定").click()
        shown.locator("#ruling-reason").press_sequentially("路灯")
    expect(shown.locator("tr", has_text="JW-7")).to_have_count(0)
    shown.keyboard.type("在院内")
    expect(shown.locator("#ruling-reason")).to_have_value("路灯在院内")
    assert is_for_everyone(page, "ledger")


def test_what_is_held_is_resumed_or_granted_by_one_press(page: Watched, site: Site) -> None:
    shown = opened(page, site, "/ledgers#held")
    rows = shown.locator(".rows-table tbody tr")
    assert "已过" in rows.nth(0).inner_text()
    about = rows.nth(0).locator("td small").all_inner_texts()
    assert about[:2] == [f"变压器占道{toy_routes.NAUGHTY}", "第2网格"]
    assert "申请挂账" in rows.nth(1).inner_text()
    site.replaced["/api/issues/5/steps"] = (200, {})
    rows.nth(0).get_by_role("button", name="恢复").click()
    shown.wait_for_selector(".sent >> text=已办：恢复 JW-5")
    assert site.bodies[-1] == {"step": "resume", "task": 15}
    shown.get_by_role("button", name="申诉台账").click()
    assert toy_routes.NAUGHTY in rows.nth(0).inner_text()
    rows.nth(0).get_by_role("button", name="剔除").click()
    shown.locator(".ruling button.main").click()
    shown.wait_for_selector("#verdict-reason-fault >> text=要填")
    shown.fill("#verdict-reason", "同一件重复计")
    site.replaced["/api/issues/3/steps"] = (200, {})
    shown.locator(".ruling button.main").click()
    shown.wait_for_selector(".sent >> text=已办：剔除 JW-3")
    assert site.bodies[-1] == {"step": "strike", "task": 13, "reason": "同一件重复计"}


def test_what_came_for_me_is_listed_by_what_presses_and_ticked_off(
    page: Watched, site: Site
) -> None:
    shown = opened(page, site, "/notices")
    kinds = shown.locator(".notices").evaluate_all("all => all.map(each => each.dataset.kind)")
    assert kinds == ["overdue", "to_sign", "sent"]
    shown.wait_for_selector("#bell b >> text=3")
    assert shown.get_attribute("#bell", "aria-label") == "给我的通知，3 条没看"
    site.replaced["/api/notices/overdue/1/read"] = (200, {"read": 1})
    with shown.expect_response("**/api/notices/overdue/1/read"):
        shown.locator(".notices button").first.click()
    expect(shown.locator(".notices button").first).to_be_focused()
    page.shoot("notice")
    assert is_for_everyone(page, "notice")


def test_hooks_are_added_with_a_secret_shown_once_and_deliveries_sent_again(
    page: Watched, site: Site
) -> None:
    page.quiet = ("422",)
    shown = opened(page, site, "/hooks")
    assert "放弃 1" in shown.inner_text(".hook")
    assert "<b>no</b>" in shown.inner_text(".rows-table")
    site.replaced["/api/outbox/1/retry"] = (202, {"delivery": 1})
    site.replaced["/api/outbox"] = (200, toy_standing.outbox()[1:])
    again = shown.get_by_role("button", name="再送一次")
    with read_late(shown, "/api/outbox", again):
        shown.locator(".reference").press_sequentially("ZM")
    expect(again).to_have_count(0)
    shown.keyboard.type("-88")
    site.replaced["/api/outbox/2/acknowledge"] = (200, {})
    with shown.expect_response("**/acknowledge"):
        shown.get_by_role("button", name="记下编号").click()
    assert site.bodies == [{}, {"reference": "ZM-88"}]
    shown.get_by_text("添加接口").first.click()
    shown.fill("#hook-name", "lights")
    shown.fill("#hook-url", "http://x")
    fault = {"title": "HookTarget", "zh": "这个主机没有放行。", "en": "Not allowed."}
    site.replaced["/api/hooks"] = (422, fault)
    shown.locator(".add-hook button.main").click()
    shown.wait_for_selector(".add-hook .fault >> text=没有放行")
    page.shoot("hook")
    assert is_for_everyone(page, "hook")
    shown.set_viewport_size({"width": 430, "height": 932})
    assert shown.locator(".hook div").first.evaluate("e => e.offsetWidth") > 300


@contextmanager
def read_late(shown: Page, path: str, button: Locator) -> Iterator[None]:
    """Press; what the page reads anew then is answered only after what is done meanwhile."""
    held: list[Route] = []
    hold: Callable[[Route], None] = lambda route: held.append(route)  # noqa: E731, PLW0108
    shown.route(f"**{path}*", hold)
    with shown.expect_request(f"**{path}*"):
        button.click()
    yield
    for route in held:
        route.continue_()
    shown.unroute(f"**{path}*", hold)


def outcome(status: int, *findings: dict[str, Any], **done: Any) -> dict[str, Any]:
    report = {"file": toy_routes.NAUGHTY, "layer": "", "rows_read": 3, "rows_used": 2}
    rest = {"rows_repaired": 0, "rows_quarantined": 0, "rows_waiting": 1, "findings": findings}
    counts = {"new": 2, "changed": 0, "same": 1, "unclaimed": 1, **toy_standing.clash("JN-7")}
    told: dict[str, Any] = {
        "errors": [],
        "unknown_services": {"修路坑": 2},
        "committed": None,
        "trial": counts,
    }
    return {"status": status, "reports": [report | rest]} | told | done


def test_a_file_is_tried_its_questions_answered_and_then_written(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues/import", ready="upload")
    swapped = {"code": "point-swapped", "severity": "question", "rows": [3], "zh": "像是颠倒了"}
    swapped |= {"en": "swapped", "answer": "--accept swaps / --reject swaps"}
    site.replaced["/api/issues/import"] = (200, outcome(3, swapped))
    shown.set_input_files("#file", FilePayload(name="热线 1.csv", mimeType="", buffer=b"a,b"))
    shown.wait_for_selector(".findings >> text=像是颠倒了")
    assert shown.locator(".upload-foot .main").is_disabled()
    assert "JN-7（诉求内容、办理时限 12 月 4 日 18:00 → —）" in shown.inner_text("#panel")
    assert toy_routes.NAUGHTY in shown.inner_text("h2.file")
    site.replaced["/api/issues/import"] = (200, outcome(0))
    shown.get_by_role("button", name="采用建议").click()
    shown.wait_for_selector(".upload-foot .main:enabled")
    counts = outcome(0)["trial"]
    site.replaced["/api/issues/import"] = (200, outcome(0, committed=counts, trial=None))
    shown.locator(".upload-foot .main").click()
    shown.wait_for_selector(".done >> text=已写入 2 件")
    waiting = shown.get_by_role("link", name="待认领")
    assert waiting.get_attribute("href") == "/issues?queue=unclaimed"
    asked = [parse_qs(urlsplit(path).query) for path in site.posted]
    assert [("accept" in each, "commit" in each) for each in asked] == [
        *((False, False), (True, False), (True, True))
    ]
    assert asked[0]["name"] == ["热线 1.csv"]
    assert site.bodies == [b"a,b"] * 3
    assert is_for_everyone(page, "upload")


def test_a_sheet_is_chosen_and_columns_are_named_where_a_file_leaves_it_open(
    page: Watched, site: Site
) -> None:
    shown = page.open(f"{site.address}/issues/import", ready="upload")
    asked = {"code": "several-layers", "severity": "question", "rows": [], "zh": "要导入哪些？"}
    asked |= {"en": "which", "answer": "--layer NAME", "choices": ["交办单", "说明 & <b>"]}
    site.replaced["/api/issues/import"] = (200, outcome(3, asked))
    shown.set_input_files("#file", FilePayload(name="1.xlsx", mimeType="", buffer=b"a"))
    made = {"code": "references-made", "severity": "info", "rows": [], "answer": ""}
    left = {"code": "columns-unused", "severity": "info", "rows": [], "answer": ""}
    said = {"zh": "没有工单编号列", "en": "none"}
    lacking = {"code": "columns-missing", "severity": "error", "rows": [], "zh": "缺少列：text"}
    lacking |= {"en": "text is missing", "answer": "--column text=列名 NAME"}
    open_ = (lacking, made | said, left | said | {"choices": ["单子", "序号=1"]})
    shown.get_by_role("button", name="说明 & <b>").wait_for()
    site.replaced["/api/issues/import"] = (200, outcome(0, *open_))
    shown.get_by_role("button", name="说明 & <b>").click()
    shown.wait_for_selector(".amber >> text=没有认出工单编号")
    assert "请在下面给没有认出的列选好" in shown.inner_text(".findings")
    assert "--" not in shown.inner_text("#panel")
    closed = left | said | {"choices": ["序号=1"]}
    site.replaced["/api/issues/import"] = (200, outcome(0, closed))
    shown.get_by_label("单子").select_option("reference")
    expect(shown.get_by_text("没有认出工单编号")).to_have_count(0)
    expect(shown.get_by_label("单子")).to_have_value("reference")
    expect(shown.get_by_label("单子")).to_be_focused()
    assert shown.get_by_label("序号=1").locator("option[value=reference]").count() == 0
    queries = [parse_qs(urlsplit(path).query) for path in site.posted]
    assert [each.get("layer") for each in queries[:3]] == [None, ["说明 & <b>"], ["说明 & <b>"]]
    assert [each.get("column") for each in queries[:3]] == [None, None, ["reference=单子"]]
    assert is_for_everyone(page, "upload")


def is_for_everyone(watched: Watched, name: str) -> bool:
    """Whether a page as it is shown now is usable by everyone, at the desk and on a phone."""
    at_the_desk = faults(watched.page)
    watched.shoot(f"{name}-list", PHONE)
    wide = watched.page.evaluate("document.documentElement.scrollWidth")
    assert at_the_desk + faults(watched.page) == []
    return bool(wide <= PHONE[0])


def test_tasks_of_no_issue_are_listed_counted_and_filtered(page: Watched, site: Site) -> None:
    shown = opened(page, site, "/tasks")
    rows = shown.locator(".rows-table tbody tr")
    expect(rows).to_have_count(2)
    assert rows.nth(0).get_by_role("link").inner_text() == "代领药 <b>急</b>"
    assert rows.nth(0).get_by_role("link").get_attribute("href") == "/tasks/31"
    expect(rows.nth(0)).to_contain_text("红牌")
    expect(shown.locator("p[role=status]").first).to_have_text(
        "服务代办未结 1，矛盾化解未结 4（只计数）"
    )
    site.replaced["/api/tasks"] = (200, [])
    shown.select_option("#filter-kind", "visit")
    expect(shown.locator(".state.empty")).to_have_text("没有这样的任务。")
    shown.locator(".new-task summary").click()
    page.shoot("tasks")
    shown.locator(".new-task button[type=submit]").click()
    expect(shown.locator(".new-task .fault").last).to_have_text("事由、交给谁、区域都要填。")
    sent = "#panel .new-task button[type=submit]"
    shown.evaluate("window.pressed = 0; addEventListener('submit', () => pressed++, true)")
    shown.locator(sent).dblclick()
    assert shown.evaluate("pressed") == 1, "the second tap of a double tap sends nothing"
    assert is_for_everyone(page, "tasks")


def test_an_auditor_checks_the_seals_and_sees_who_looked_at_a_contact_and_why(
    page: Watched, site: Site
) -> None:
    shown = opened(page, site, "/audit")
    rows = shown.locator(".rows-table tbody tr")
    expect(rows.nth(0)).to_contain_text("查看联系方式")
    expect(rows.nth(0)).to_contain_text("诉求 7")
    assert rows.nth(0).locator("q").inner_text() == toy_routes.NAUGHTY
    expect(rows.nth(1)).to_contain_text("待封存")
    with shown.expect_request("**/api/audit/events?*noun=account&noun=duty") as asked:
        shown.get_by_role("button", name="登录与账号").click()
    assert "since" not in asked.value.url
    with shown.expect_request("**/api/audit/events?*since=2026-11-01T00*") as asked:
        shown.fill("#since", "2026-11-01")
    with shown.expect_download() as saved:
        shown.get_by_role("link", name="另存封存").click()
    (kept,) = read_seals(saved.value.path())
    assert (kept.number, kept.ids, kept.hash) == (4, "{[1,3),[5,9)}", bytes([0xCD] * 32))
    good: dict[str, Any] = {
        "holds": True,
        "seal": None,
        "changed": [],
        "zh": "封存 1–4 完好",
        "en": "hold",
    }
    site.replaced["/api/audit/verify"] = (200, good)
    shown.get_by_role("button", name="现在核验").click()
    expect(shown.locator(".seals .sent")).to_have_text("完好 封存 1–4 完好")
    bad: dict[str, Any] = {
        "holds": False,
        "seal": 3,
        "changed": [5, 6],
        "zh": "记录被改动：5, 6",
        "en": "broken",
    }
    site.replaced["/api/audit/verify"] = (200, bad)
    shown.get_by_role("button", name="现在核验").click()
    expect(shown.locator(".seals .failed")).to_contain_text("从封存 3 起")
    page.shoot("audit")
    assert is_for_everyone(page, "audit")


def test_who_may_not_read_the_audit_is_told_so_once(page: Watched, site: Site) -> None:
    site.replaced["/api/audit/seals"] = (403, {"title": "NoDuty", "zh": "没有“审计员”的职责。"})
    page.quiet = ("403",)
    shown = page.open(f"{site.address}/audit")
    expect(shown.locator("[role=alert]")).to_have_count(1)
    expect(shown.locator("#panel")).to_contain_text("你的身份看不到记录")
    assert shown.locator(".rows-table").count() == 0, "told once, nothing offered that is not there"


def test_an_account_is_opened_and_a_duty_ended_by_a_second_press(page: Watched, site: Site) -> None:
    shown = opened(page, site, "/accounts#")
    shown.fill("#account-name", "zhenghao")
    password = {"person": "郑好 <i>", "password": "wzg5-6c24-mr44-mx3w"}
    site.replaced["/api/accounts"] = (201, password)
    shown.route("**/api/accounts", told_of)
    shown.get_by_role("button", name="开通", exact=True).click()
    expect(shown.locator(".one-time code")).to_have_text(password["password"])
    expect(shown.locator("#account-name")).to_have_value("")
    duty = {"id": 7, "role": "dispatcher", "net": "admin", "area": "370102001"}
    rest = {"area_name": "柳岸街道", "valid_from": "2026-11-01", "valid_to": None}
    site.replaced["/api/accounts/P2/duties"] = (200, [duty | rest])
    site.replaced["/api/accounts/P2/duties/7/end"] = (200, {})
    shown.get_by_role("button", name="职责").first.click()
    end = shown.locator(".duties button").last
    end.click()
    expect(end).to_have_text("再点一次确认")
    assert not [path for path in site.posted if path.endswith("/end")]
    with shown.expect_request("**/duties/7/end"):
        end.click()
    assert is_for_everyone(page, "accounts")


def told_of(route: Route) -> None:
    """Those there are, to who reads; the one-time password to who opens one."""
    if route.request.method == "GET":
        route.fulfill(json=toy_standing.accounts())
    else:
        route.continue_()
