"""What leaves arrives, once for each receiver, whatever happens to workers and receivers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.outgoing import embedded
from api.outgoing.secrets import made_secret
from geo.store.database import Store, transaction
from geo.store.events import record
from geo.store.outgoing import hooks, outbox
from geo.store.outgoing.hooks import Hook
from geo.store.outgoing.queue import queue_manager
from tests.apart import apart
from tests.faults.sizes import size
from tests.store import toy
from tests.store.outbox import receiver as behave
from tests.store.outbox.receiver import Receiver, receiving
from tests.store.outbox.workers import QUICK, Bench, count, start, until, working

PENDING = "select count(*) from delivery where state = 'pending'"
PICKED = "select count(*) from queue.pgqueuer where status = 'picked'"
SOON = "select count(*) from queue.pgqueuer where execute_after < now() + interval '40 s'"


@pytest.fixture
def bench(toy_store: Store, tmp_path: Path) -> Bench:
    return Bench(toy_store, tmp_path)


@pytest.fixture
def target(bench: Bench) -> Iterator[Receiver]:
    """A receiver that is told of every event."""
    with receiving(made_secret(bench.home, "city")) as made:
        hook(bench, "city", made)
        yield made


def hook(bench: Bench, name: str, to: Receiver, **told: object) -> int:
    asked = Hook(**{"name": name, "area": "3701", "url": to.url, "nouns": ("issue",), **told})  # type: ignore[arg-type]
    with transaction(bench.store.owner, "approver") as conn:
        return hooks.add(conn, asked)


def happen(bench: Bench, times: int = 1, *, path: tuple[str, ...] = ("3701", "370102")) -> None:
    """Things happen, many in one transaction."""
    with transaction(bench.store.owner, "dispatcher") as conn:
        for number in range(times):
            record(
                conn,
                "issue",
                number,
                "urge",
                {"order": {"reason": "王女士 13800000000"}},
                path=path,
            )


def state(bench: Bench) -> dict[str, object]:
    """The newest delivery."""
    with transaction(bench.store.owner, "test") as conn:
        return dict(outbox.read_deliveries(conn).iloc[0])


def test_workers_killed_in_the_act_lose_nothing_and_nothing_happens_twice(
    bench: Bench, target: Receiver
) -> None:
    wide = replace_rules(bench, post_at_once=50)
    for turn in range(size(1, 10)):
        target.always = behave.hang
        target.opened.clear()
        for killed in range(10):
            happen(bench, 3)
            worker = start(wide)
            until(partial(_tried, target, 30 * turn + 3 * killed + 3))
            worker.kill()
            worker.join()
        target.always = behave.answer(204)
        target.opened.set()
        worker = start(bench)
        until(lambda: count(bench.store, PENDING) == 0)
        worker.terminate()
        worker.join(60)
        assert worker.exitcode == 0
    names = {f"msg_1_{event}" for event in _events(bench)}
    assert len(names) == size(30, 300)
    assert set(target.effects) == names
    assert max(target.tries.values()) > 1, "a lease was taken back"
    assert count(bench.store, "select count(*) from queue.pgqueuer") == 0


def _tried(target: Receiver, messages: int) -> bool:
    return len(target.tries) == messages


def _events(bench: Bench) -> list[int]:
    with transaction(bench.store.owner, "test") as conn:
        return list(conn.execute(text("select id from event where noun = 'issue'")).scalars())


def test_no_delivery_waits_until_what_happened_is_sealed(bench: Bench, target: Receiver) -> None:
    happen(bench)
    with ExitStack() as sealing:
        conn = sealing.enter_context(transaction(bench.store.owner, "sealing"))
        conn.execute(text("lock table seal in access exclusive mode"))
        with working(bench):
            until(lambda: target.effects, 20)
            sealing.close()
            until(lambda: count(bench.store, "select count(*) from seal"), 20)


def test_a_fault_while_sealing_is_told_and_sealing_goes_on(
    bench: Bench,
    target: Receiver,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.outgoing.working.SEAL_S", 0.05)
    happen(bench)
    with bench.store.owner.begin() as conn:
        conn.execute(text("alter table seal add constraint odd check (number < 0)"))
    with working(bench):
        until(lambda: "sealing failed" in caplog.text)
        until(lambda: target.effects)
        with bench.store.owner.begin() as conn:
            conn.execute(text("alter table seal drop constraint odd"))
        until(lambda: count(bench.store, "select count(*) from seal"), 20)


def test_a_worker_inside_a_server_that_a_fault_ended_begins_anew(
    bench: Bench,
    target: Receiver,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded, "_AGAIN_S", 0.05)
    happen(bench)
    renamed(bench, "delivery", "moved")
    lifespan = embedded.working(bench.store, bench.settings())
    with TestClient(create_app(bench.store, person="x", lifespan=lifespan)):
        until(lambda: "the worker failed" in caplog.text)
        renamed(bench, "moved", "delivery")
        until(lambda: target.effects)


def renamed(bench: Bench, name: str, other: str) -> None:
    with bench.store.owner.begin() as conn:
        conn.execute(text(f"alter table {name} rename to {other}"))


def test_a_worker_told_to_stop_finishes_what_it_holds(bench: Bench, target: Receiver) -> None:
    target.always = behave.hang
    happen(bench)
    worker = start(bench)
    until(lambda: target.tries)
    worker.terminate()
    target.opened.set()
    worker.join(60)
    assert worker.exitcode == 0
    assert count(bench.store, PENDING) == 0


def test_every_event_leaves_that_any_statement_writes(bench: Bench, target: Receiver) -> None:
    order = """insert into event (noun, subject, name, path, person)
        select 'issue', n::text, 'urge', array['3701'], 'x' from generate_series(1, 500) as n"""
    with transaction(bench.store.owner, "x") as conn:
        conn.execute(text(order))
    with transaction(bench.store.owner, "x", commit=False) as conn:
        conn.execute(text(order))
    with working(bench):
        until(lambda: len(target.effects) == 500)
    assert set(target.tries.values()) == {1}


def test_a_failing_receiver_is_tried_again_until_it_answers(bench: Bench, target: Receiver) -> None:
    target.script = [
        behave.answer(500),
        behave.close,
        behave.answer(302, location=target.url),
        behave.answer(404),
    ]
    happen(bench)
    with working(bench):
        until(lambda: count(bench.store, PENDING) == 0)
    assert list(target.tries.values()) == [5]
    assert state(bench)["attempts"] == 5


def test_a_receiver_that_asks_for_time_is_left_alone(bench: Bench, target: Receiver) -> None:
    target.script = [behave.answer(429, retry_after="60")]
    happen(bench, 100)
    with working(bench):
        until(lambda: count(bench.store, "select count(*) from hook where rests_until > now()"))
        until(lambda: not count(bench.store, PICKED))
        until(lambda: not count(bench.store, SOON))
    assert sum(target.tries.values()) <= QUICK.post_at_once
    # What waits is put off at once: looked at one by one it would be in the way of other hooks.
    assert count(bench.store, "select sum(attempts) from queue.pgqueuer") < 50
    last = count(bench.store, "select extract(epoch from max(next_at) - now())::int from delivery")
    assert 50 <= last <= 60


def test_a_receiver_that_hangs_holds_up_no_other(bench: Bench, target: Receiver) -> None:
    target.always = behave.hang
    with receiving(made_secret(bench.home, "other")) as other:
        hook(bench, "other", other)
        happen(bench, 20)
        with working(replace_rules(bench, post_seconds=60)):
            until(lambda: len(other.effects) == 20)
            assert len(target.tries) <= QUICK.post_at_once
            target.opened.set()
            until(lambda: count(bench.store, PENDING) == 0)


def test_thirteen_receivers_that_hang_hold_up_no_other(bench: Bench) -> None:
    names = [f"slow-{number}" for number in range(13)]
    with receiving() as slow, receiving(made_secret(bench.home, "good")) as good:
        slow.always = behave.hang
        for name in names:
            made_secret(bench.home, name)
            hook(bench, name, slow)
        happen(bench, QUICK.post_at_once)
        hook(bench, "good", good)
        with working(replace_rules(bench, post_seconds=60)):
            until(lambda: sum(slow.tries.values()) == len(names) * QUICK.post_at_once)
            happen(bench, 3)
            until(lambda: len(good.effects) == 3)
            arrived = "select count(distinct hook) from delivery where state = 'delivered'"
            assert count(bench.store, arrived) == 1, "none of the others had to be answered for it"
            slow.opened.set()


def test_ten_megabytes_slowly_cost_no_memory_and_no_time(bench: Bench, target: Receiver) -> None:
    target.always = behave.trickle
    happen(bench)
    with working(bench):
        until(lambda: count(bench.store, PENDING) == 0, seconds=4)
    assert state(bench)["state"] == "delivered"


def test_what_is_given_up_is_listed_and_sent_again_when_asked(
    bench: Bench, target: Receiver
) -> None:
    target.always = behave.answer(500)
    happen(bench, 2)
    with working(replace_rules(bench, retry_attempts=3)):
        until(lambda: count(bench.store, "select count(*) from delivery where state = 'dead'") == 2)
        assert state(bench)["said"] == "HTTP 500"
        until(lambda: count(bench.store, "select count(*) from queue.pgqueuer") == 0)
        target.always = behave.answer(200)
        with transaction(bench.store.owner, "approver") as conn:
            outbox.retry(conn, int(str(state(bench)["id"])))
            assert outbox.retry_all(conn, hooks.demand_hook(conn, "city")) == 1
        until(
            lambda: (
                count(bench.store, "select count(*) from delivery where state <> 'delivered'") == 0
            )
        )
    assert set(target.tries.values()) == {4}


def test_a_worker_outlives_its_connections(bench: Bench, target: Receiver) -> None:
    with working(bench):
        happen(bench)
        until(lambda: target.effects)
        count(
            bench.store,
            """select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()""",
        )
        happen(bench)
        until(lambda: len(target.effects) == 2)


def test_a_worker_tells_itself_nothing_before_it_listens(bench: Bench) -> None:
    """PgQueuer's first look at itself; unheard it ends the worker ten seconds later."""

    async def heard() -> list[str]:
        async with queue_manager(bench.store.owner) as manager, manager.queries.driver as driver:
            notes: asyncio.Queue[object] = asyncio.Queue()
            early = asyncio.create_task(driver.notify("looks", "well"))
            await asyncio.sleep(0.2)
            await driver.add_listener("looks", notes.put_nowait)
            await early
            return [str(await asyncio.wait_for(notes.get(), 60))]

    assert apart(asyncio.run, heard()) == ["well"]


def test_a_queue_that_somebody_emptied_is_filled_again(bench: Bench, target: Receiver) -> None:
    happen(bench, 2)
    with transaction(bench.store.owner, "x") as conn:
        conn.execute(text("truncate queue.pgqueuer"))
    with working(bench):
        until(lambda: len(target.effects) == 2)


def test_a_message_tells_what_changed_and_nothing_that_people_typed(
    bench: Bench, target: Receiver
) -> None:
    happen(bench)
    with working(bench):
        until(lambda: target.effects)
    told = next(iter(target.effects.values()))
    assert told["type"] == "issue.urge"
    assert told["version"] == 1
    assert told["data"]["areas"] == ["3701", "370102"]
    assert "王女士" not in str(told)


@pytest.mark.parametrize(
    ("told", "path", "heard"),
    [
        ({}, ("3701", "370102"), 1),
        ({}, (), 1),  # what lies nowhere is for the top area
        ({"area": "370102"}, ("3701", "370102", toy.SUBDISTRICT), 1),
        ({"area": "370102"}, (), 0),
        ({"area": toy.TWO}, ("3701", "370102", toy.SUBDISTRICT, toy.ONE), 0),
        ({"nouns": ("plan",)}, ("3701",), 0),
        ({"names": ("urge", "send")}, ("3701",), 1),
        ({"names": ("send",)}, ("3701",), 0),
    ],
)
def test_a_hook_hears_of_its_area_and_its_events_alone(
    bench: Bench, told: dict[str, object], path: tuple[str, ...], heard: int
) -> None:
    hook(bench, "one", Receiver(), **{"url": "http://127.0.0.1/", **told})
    happen(bench, path=path)
    assert count(bench.store, "select count(*) from delivery") == heard


def replace_rules(bench: Bench, **rules: object) -> Bench:
    return replace(bench, rules=replace(bench.rules, **rules))  # type: ignore[arg-type]
