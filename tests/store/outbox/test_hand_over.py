"""A task handed to another system: its number when it answers, and no forgetting until then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from api.outgoing.filed import handed_over, put
from api.outgoing.secrets import made_secret
from geo.issues import Order
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.outgoing import hooks, outbox
from geo.store.outgoing.hooks import Hook
from geo.store.working.handling import act
from tests.naughty import STRINGS
from tests.store.outbox import receiver as behave
from tests.store.outbox.receiver import Receiver, receiving
from tests.store.outbox.workers import Bench, until, working
from tests.store.test_issues import at, received


@pytest.fixture
def bench(toy_store: Store, tmp_path: Path) -> Bench:
    lights = pd.DataFrame({"code": ["lights"], "kind": ["department"], "name": ["路灯管理处"]})
    with transaction(toy_store.owner, "import") as conn:
        imports.commit_people(conn, lights, imports.open_batch(conn, "toy"))
    return Bench(toy_store, tmp_path)


@pytest.fixture
def target(bench: Bench) -> Iterator[Receiver]:
    with receiving(made_secret(bench.home, "lights")) as made:
        asked = Hook("lights", "370102", url=made.url, party="lights")
        with transaction(bench.store.owner, "approver") as conn:
            hooks.add(conn, asked)
        yield made


def sent(bench: Bench, reference: str, party: str = "lights", words: str = "路灯不亮") -> int:
    issue = received(bench.store, at(0.5, 0.5, reference, words)).id
    with transaction(bench.store.app, "dispatcher") as conn:
        act(conn, issue, Order(step="send", party=party))
    return issue


def deliveries(bench: Bench, **asked: float) -> pd.DataFrame:
    with transaction(bench.store.app, "approver") as conn:
        return outbox.read_deliveries(conn, **asked)  # type: ignore[arg-type]


def test_a_task_goes_out_and_the_number_of_the_other_system_comes_back(
    bench: Bench, target: Receiver
) -> None:
    target.always = behave.answer(202, b'{"reference": "L-2026-17"}')
    words = "\n".join(STRINGS)
    sent(bench, "1", words=words)
    sent(bench, "2", party="leader")
    with working(bench):
        until(lambda: set(deliveries(bench)["state"]) == {"acknowledged"})
    (told,) = target.effects.values()
    assert told["type"] == "task.hand_over"
    issue = told["data"]["issue"]
    assert (issue["reference"], issue["text"]) == ("1", words)
    assert issue["position"] == {
        "lon": pytest.approx(117.005), "lat": pytest.approx(36.605), "datum": "wgs84",
    }  # fmt: skip
    assert told["data"]["task"]["due_at"].endswith("Z")
    assert deliveries(bench)["reference"].tolist() == ["L-2026-17"]


def test_a_hand_over_without_a_number_is_listed_until_there_is_one(
    bench: Bench, target: Receiver
) -> None:
    sent(bench, "1")
    with working(bench):
        until(lambda: set(deliveries(bench)["state"]) == {"delivered"})
    assert target.effects
    assert len(deliveries(bench, hours=24)) == 0
    with transaction(bench.store.owner, "x") as conn:
        conn.execute(text("update delivery set made_at = now() - interval '25 hours'"))
    (stuck,) = deliveries(bench, hours=24)["id"]
    with transaction(bench.store.app, "approver") as conn:
        outbox.acknowledge(conn, int(stuck), "L-9")
    assert len(deliveries(bench, hours=24)) == 0


def test_a_task_sent_again_is_handed_over_again(bench: Bench, target: Receiver) -> None:
    issue = sent(bench, "1")
    with transaction(bench.store.app, "dispatcher") as conn:
        act(conn, issue, Order(step="withdraw"))
        act(conn, issue, Order(step="send", party="lights"))
    assert len(deliveries(bench)) == 2
    assert len(set(deliveries(bench)["task"])) == 2
    assert not target.tries


def test_whoever_sees_the_task_sees_how_its_hand_over_stands(
    bench: Bench, target: Receiver
) -> None:
    sent(bench, "1")
    for person, seen in (("dispatcher", 1), ("stranger", 0)):
        with transaction(bench.store.app, person) as conn:
            assert len(outbox.read_deliveries(conn)) == seen
    assert not target.tries


def test_what_is_settled_goes_after_its_time_and_what_somebody_waits_for_stays(
    bench: Bench,
) -> None:
    with transaction(bench.store.owner, "approver") as conn:
        hooks.add(conn, Hook("lights", "370102", url="http://127.0.0.1/", party="lights"))
        hooks.add(conn, Hook("news", "370102", url="http://127.0.0.1/", nouns=("issue",)))
    over, going_on = sent(bench, "over"), sent(bench, "going-on")
    with transaction(bench.store.app, "dispatcher") as conn:
        act(conn, over, Order(step="cancel", reason="重复"))
    states = ("pending", "delivered", "acknowledged", "dead", "dropped")
    with transaction(bench.store.owner, "x") as conn:
        for state in states:  # each a hand-over of both, and a piece of news
            conn.execute(
                text(
                    "with e as (insert into event (noun, subject, name, person, path)"
                    " values ('issue', '1', 'told', '', '{3701,370102}') returning id)"
                    " insert into delivery (hook, event, task, state, made_at)"
                    " select h.id, e.id, t.id, :state, now() - interval '91 days'"
                    " from e, hook as h left join task as t on h.name = 'lights'"
                    " on conflict do nothing"
                ),
                {"state": state},
            )
    left = text(
        "select h.name, d.state, t.issue from delivery as d join hook as h on h.id = d.hook"
        " left join task as t on t.id = d.task where d.made_at < now() - interval '90 days'"
    )
    with transaction(bench.store.owner, "x") as conn:
        before = {tuple(row) for row in conn.execute(left)}
        outbox.clear_settled(conn, bench.rules)
        gone = before - {tuple(row) for row in conn.execute(left)}
    assert len(before) == len(states) * 3
    assert gone == {
        *(("news", state, None) for state in ("delivered", "acknowledged", "dropped")),
        *(("lights", state, over) for state in ("acknowledged", "dropped")),
    }
    assert going_on


def test_a_file_that_is_handed_over_is_on_the_disk_before_it_bears_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, held = tmp_path / "outbox" / "lights", list[bytes]()
    monkeypatch.setattr(
        "os.fsync", lambda _: held.extend(file.read_bytes() for file in folder.glob("*"))
    )
    put(tmp_path, "lights", "msg_1_2_3", '{"text": "井盖"}')
    assert held == [(folder / "msg_1_2_3.json").read_bytes()]
    assert [file.name for file in folder.glob("*")] == ["msg_1_2_3.json"]
    assert handed_over(tmp_path) == {3}
