"""Tables taken in over HTTP: by what they hold, a trial first, by whoever may."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any, Final

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook
from sqlalchemy import text

from api.app import create_app
from api.limits import body_limits
from geo.store.database import Store, transaction
from tests.api.conftest import HERE
from tests.load.packed import Member, listed, packed
from tests.store import toy

SERVICES: Final = """
insert into service (code, name, parent) values
    ('city', '城市管理', null), ('lamp', '路灯不亮', 'city'), ('dirt', '脏乱', 'city'),
    ('home', '物业', null), ('mess', '脏乱', 'home');
insert into party (code, kind, name) values ('lamps', 'department', '历下区城管局');
"""
# A day of the hotline as it comes: titles, its own names of columns, telephones, a total.
TITLE: Final = "12345 热线交办单（2026年11月26日）"
DAY: Final = pd.DataFrame(
    [
        ["JN1", "12345热线", 13805310001, "路灯不亮三天", "路灯不亮", "2026-11-20 08:15:22"],
        ["JN2", "12345热线", "138 0531 0001", "-1 层脏", "城市管理/脏乱", "2026/11/20 9:00"],
        ["JN3", "微信", "", "楼道脏", "脏乱", "2026年11月20日 10:05"],
        ["JN4", "12345热线", "", "咨询", "没有的类别", "2026-11-20 11:00"],
    ],
    columns=["工单编号", "受理渠道", "来电号码", "工单内容", "问题分类", "受理时间"],
).assign(被投诉单位="某物业", 要求办结时间="2026-11-27 18:00", 经度=117.005, 纬度=36.605)
ASKED: Final = {"datum": "wgs84", "timezone": "Asia/Shanghai"}
IMPORT: Final = "/api/issues/import"
WRITTEN: Final = ("select reference, service, reporter, against from issue order by reference",)


def workbook(table: pd.DataFrame) -> bytes:
    """The table under a title, a total below it."""
    book, out = Workbook(), io.BytesIO()
    rows = table.to_numpy(object).tolist()
    for row in ([TITLE], list(table.columns), *rows, ["合计", len(table)]):
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def gbk(table: pd.DataFrame) -> bytes:
    """The table as the hotline's older program writes it."""
    return str(table.to_csv(index=False)).encode("gb18030")


def zipped(name: str, size: int) -> bytes:
    """An archive of one member of zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(size))
    return out.getvalue()


@pytest.fixture
def store(toy_store: Store) -> Store:
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(SERVICES)
    return toy_store


@contextmanager
def client(store: Store, person: str) -> Iterator[TestClient]:
    app = create_app(store, person=person, reporter_secret=b"secret")
    with TestClient(app, client=HERE) as made:
        yield made


def issues(store: Store) -> list[Any]:
    with transaction(store.owner, "x") as conn:
        return [tuple(row) for row in conn.execute(text(*WRITTEN))]


def test_a_day_of_the_hotline_is_tried_and_then_taken_in_once(store: Store) -> None:
    counts = {"new": 4, "changed": 0, "same": 0, "conflicts": [], "differs": {}}
    counts |= {"by_address": 0, "sent": 0, "closed": 0, "unclaimed": 0}
    with client(store, "dispatcher") as asking:
        form = {"file": ("../今天.xls", workbook(DAY))}  # a workbook, whatever it is called
        tried = asking.post(IMPORT, params=ASKED, files=form).json()
        assert (tried["status"], tried["committed"]) == (0, None), tried
        assert tried["trial"] == counts
        assert tried["reports"][0]["file"] == "今天.xls"
        assert tried["unknown_services"] == {"没有的类别": 1, "脏乱": 1}
        assert issues(store) == []
        kept = asking.post(IMPORT, params={**ASKED, "commit": True}, content=workbook(DAY)).json()
        assert (kept["committed"], kept["trial"]) == (counts, None)
        again = asking.post(IMPORT, params={**ASKED, "commit": True}, content=gbk(DAY)).json()
        assert again["committed"]["same"] == 4
        other = gbk(DAY.assign(工单内容="换了一句"))
        clash = asking.post(IMPORT, params={**ASKED, "commit": True}, content=other).json()
        assert clash["committed"]["conflicts"][0] == "hotline JN1"
        assert clash["committed"]["differs"]["hotline JN1"]["fields"] == ["text"]
    beside = ("beside", "dispatcher", "admin", "370103001")
    toy.load_people(store, ["beside"], [beside])
    with client(store, "beside") as asking:  # of what is another's, not even whether it differs
        for sent in (gbk(DAY), other):
            clash = asking.post(IMPORT, params=ASKED, content=sent).json()["trial"]
            assert (clash["same"], len(clash["conflicts"])) == (0, 4)
            unsaid: dict[str, Any] = {"fields": [], "due_was": None, "due_said": None}
            assert clash["differs"] == dict.fromkeys(clash["conflicts"], unsaid)
    told = issues(store)
    assert [row[1] for row in told] == ["lamp", "dirt", "脏乱", "没有的类别"]
    assert told[0][2] == told[1][2] != "13805310001"
    assert {row[3] for row in told} == {"某物业"}


def test_a_file_of_several_sheets_and_of_unknown_columns_names_what_may_be_chosen(
    store: Store,
) -> None:
    unheard = DAY.iloc[:, [0, 3]].set_axis(["单子", "说的啥"], axis=1)
    book = Workbook()
    for row in (list(unheard.columns), *unheard.to_numpy(object).tolist()):
        book.worksheets[0].append(row)
    book.create_sheet("说明").append(["请在时限前答复"])
    out = io.BytesIO()
    book.save(out)
    with client(store, "dispatcher") as asking:

        def tried(**more: Any) -> tuple[int, dict[str, Any]]:
            told = asking.post(IMPORT, params={**ASKED, **more}, content=out.getvalue()).json()
            (report,) = told["reports"]
            return told["status"], {f["code"]: f["choices"] for f in report["findings"]}

        assert tried() == (3, {"several-layers": ["Sheet", "说明"]})
        status, found = tried(layer="Sheet")
        assert (status, found["columns-unused"]) == (1, ["单子", "说的啥"])
        assert "columns-missing" in found
        status, found = tried(layer="Sheet", column=["reference=单子", "text=说的啥"])
        assert (status, "columns-unused" in found) == (0, False)


def test_what_came_before_its_category_was_in_the_catalogue_stays_the_same(store: Store) -> None:
    with client(store, "dispatcher") as asking:
        params = {**ASKED, "commit": "true"}
        asking.post(IMPORT, params=params, content=gbk(DAY))
        with store.owner.begin() as conn:
            conn.exec_driver_sql("insert into service (code, name) values ('new', '没有的类别')")
        again = asking.post(IMPORT, params=params, content=gbk(DAY)).json()["committed"]
        assert (again["same"], again["conflicts"]) == (4, [])
        fresh = gbk(DAY.iloc[3:].assign(工单编号="JN5"))
        asking.post(IMPORT, params=params, content=fresh)
    assert [row[1] for row in issues(store)][3:] == ["没有的类别", "new"]


def test_a_number_longer_than_an_index_holds_is_refused_and_nothing_is_kept(store: Store) -> None:
    drawn = Random(9)
    long = "".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(9_000))
    with client(store, "dispatcher") as asking:
        sent = gbk(DAY.assign(工单编号=[*DAY["工单编号"][:3], long]))
        answer = asking.post(IMPORT, params={**ASKED, "commit": True}, content=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "BadValue"), answer.text
    assert issues(store) == []


def test_nothing_is_written_while_a_question_is_open(store: Store) -> None:
    asked = {"timezone": "Asia/Shanghai"}  # which datum?
    with client(store, "dispatcher") as asking:
        tried = asking.post(IMPORT, params=asked, content=gbk(DAY)).json()
        assert tried["status"] == 3
        kept = asking.post(IMPORT, params={**asked, "commit": True}, content=gbk(DAY))
    assert (kept.status_code, kept.json()["code"]) == (422, "OpenQuestions")
    assert issues(store) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "BadUpload"),
        (b'{"type": "FeatureCollection", "features": []}', "BadUpload"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "UnsupportedFile"),
        (b"PK\x03\x04broken", "BadUpload"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "BadUpload"),
        (zipped("issues.csv", 10), "BadUpload"),
        (packed([Member("工单.csv".encode("gbk"), utf8=True)]), "BadUpload"),
        (listed(200_000), "UnsafeArchive"),
        (b"<html><body>login</body></html>", "UnsupportedFile"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_holds(
    store: Store, content: bytes, code: str
) -> None:
    with client(store, "dispatcher") as asking:
        answer = asking.post(IMPORT, params={"name": "issues.csv"}, content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(body_limits(), unpacked=2**20)
    monkeypatch.setattr("api.uploads.body_limits", lambda: small)
    with client(store, "dispatcher") as asking:
        answer = asking.post(IMPORT, content=zipped("xl/workbook.xml", 2**20 + 1))
    assert (answer.status_code, "1 MB" in answer.json()["en"]) == (422, True)


def test_a_table_of_too_many_rows_is_refused_before_it_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = gbk(DAY)
    few = replace(body_limits(), rows=1 + table.count(b"\n"))
    monkeypatch.setattr("api.uploads.body_limits", lambda: few)
    with client(store, "dispatcher") as asking:
        answers = [asking.post(IMPORT, params=ASKED, content=table + more) for more in (b"", b"\n")]
    assert [answer.status_code for answer in answers] == [200, 422]
    assert answers[1].json()["code"] == "BeyondLimit"


def test_only_who_dispatches_takes_issues_in(store: Store) -> None:
    for person in ("planner", "leader", "stranger"):
        with client(store, person) as asking:
            answer = asking.post(IMPORT, params={**ASKED, "commit": True}, content=gbk(DAY))
        assert (answer.status_code, answer.json()["code"]) == (403, "NoDuty")
    assert issues(store) == []


LIST: Final = "事项,区域,牵头单位,依据\n路灯不亮,甲社区,区城管局,照明条例\n".encode("gb18030")


def test_a_list_is_tried_and_taken_in_by_whoever_approves_there(store: Store) -> None:
    of, since = {"scope": "370102"}, {"since": "2026-11-01", "until": "2026-11-30"}
    with client(store, "dispatcher") as asking:
        asking.post(IMPORT, params={**ASKED, "commit": True}, content=gbk(DAY))
        assert asking.post("/api/list/import", params=of, content=LIST).status_code == 403
        assert asking.post("/api/list/try", params=of | since, content=LIST).status_code == 403
    with client(store, "approver") as asking:
        tried = asking.post("/api/list/try", params=of | since, content=LIST).json()
        assert (tried["issues"], tried["moved"]) == (1, 1)
        assert tried["moves"][0]["after_name"] == "历下区城管局"
        assert asking.get("/api/list", params=of).json() == []
        kept = asking.post("/api/list/import", params={**of, "commit": True}, content=LIST).json()
        assert (kept["rows"]["new"], kept["faulty"], kept["problems"]) == (1, [], [])
        (row,) = asking.get("/api/list", params=of).json()
        assert (row["area"], row["leads"]) == (toy.ONE, ["lamps"])
        turned = {"since": "2026-11-30", "until": "2026-11-01"}
        for days, code in (({}, "Malformed"), (turned, "BadPeriod")):
            refused = asking.post("/api/list/try", params=of | days, content=LIST)
            assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_a_file_changes_no_row_outside_the_area_whose_list_it_is(store: Store) -> None:
    """A row's number is no way around it: the number of another area's row is not known here."""
    with client(store, "approver") as asking:
        of = {"scope": "370102", "commit": "true"}
        assert asking.post("/api/list/import", params=of, content=LIST).json()["rows"]["new"] == 1
        (row,) = asking.get("/api/list", params={"scope": "370102"}).json()
        said = f"行号,事项,区域,牵头单位\n{row['row_number']},路灯不亮,甲社区,某局\n".encode()
        told = asking.post("/api/list/import", params={"scope": toy.TWO}, content=said).json()
        faults = [fault["fault"] for fault in told["faulty"][0]["faults"]]
        assert {"row-unknown", "area-unknown"} <= set(faults)
        assert told["rows"]["changed"] == 0
