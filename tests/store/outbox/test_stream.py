"""Live boards hear of what they may see, miss nothing, and cost no connection each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.streaming.listener import Listener, Part
from api.streaming.marks import Mark, mark_of
from geo.issues import Issue
from geo.store.database import Store, transaction
from geo.store.events import record
from geo.store.outgoing.stream import events_since, snapshot
from tests.store import toy
from tests.store.outbox.ears import Served, serving
from tests.store.outbox.workers import count, until
from tests.store.test_issues import at, received

ONE = ("3701", "370102", toy.SUBDISTRICT, toy.ONE)
TWO = ("3701", "370102", toy.SUBDISTRICT, toy.TWO)
EARS = """select count(*) from pg_stat_activity
    where datname = current_database() and query = 'listen jingwei_event'"""


@pytest.fixture
def site(toy_store: Store) -> Iterator[Served]:
    with serving(toy_store) as made:
        yield made


def happen(store: Store, *subjects: str, path: tuple[str, ...] = ONE, noun: str = "thing") -> None:
    with transaction(store.owner, "somebody") as conn:
        for subject in subjects:
            record(conn, noun, subject, "urge", path=path)


def test_each_hears_of_its_own_area_alone(toy_store: Store, site: Served) -> None:
    one, two = site.hear(f"leader-{toy.ONE}001"), site.hear("leader")
    above, nobody = site.hear("planner"), site.hear("stranger")
    happen(toy_store, "a", path=(*ONE, f"{toy.ONE}001"))
    happen(toy_store, "b", path=(*TWO, f"{toy.TWO}001"))
    until(lambda: len(above.told) == 2 and one.told and two.told)
    assert (one.subjects(), two.subjects(), nobody.subjects()) == (["a"], ["b"], [])
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text("update duty set valid_to = current_date where party = 'leader'"))
    happen(toy_store, "c", path=(*TWO, f"{toy.TWO}001"))
    until(lambda: len(above.told) == 3)
    assert two.subjects() == ["b"], "a duty that ended takes its stream with it"
    assert one.answer.headers["content-type"].startswith("text/event-stream")
    assert one.answer.headers["x-accel-buffering"] == "no"
    assert "no-cache" in one.answer.headers["cache-control"]
    assert "default-src" in one.answer.headers["content-security-policy"]


def test_what_lies_nowhere_is_told_to_boards_of_every_area(toy_store: Store, site: Served) -> None:
    query = f"?noun=issue&scope={toy.SUBDISTRICT}"
    board, worker = site.hear("dispatcher", query=query), site.hear("leader", query=query)
    placed = received(toy_store, at(2.5, 0.5, "placed")).id  # in the leader's grid
    lost = received(toy_store, Issue(source="web", reference="lost", text="井盖丢了")).id
    until(lambda: str(lost) in board.subjects())
    assert set(board.subjects()) == {str(placed), str(lost)}
    assert str(lost) not in worker.subjects()


def test_one_may_ask_for_nouns_inside_an_area(toy_store: Store, site: Served) -> None:
    query = f"?noun=plan&noun=comment&scope={toy.TWO}"
    ear, others = site.hear("planner", query=query), site.hear(f"leader-{toy.ONE}001", query=query)
    happen(toy_store, "a", path=TWO)
    happen(toy_store, "b", path=ONE, noun="plan")
    happen(toy_store, "c", path=TWO, noun="plan")
    happen(toy_store, "d", path=TWO, noun="comment")
    until(lambda: len(ear.told) == 2)
    assert (ear.subjects(), ear.kinds) == (["c", "d"], ["plan", "comment"])
    happen(toy_store, "e", path=(*TWO, f"{toy.ONE}001"), noun="plan")  # of both
    until(lambda: others.told)
    assert others.subjects() == ["e"], "nobody names himself into another's area"


def test_what_was_missed_comes_after_a_cut_and_after_a_restart(toy_store: Store) -> None:
    with serving(toy_store) as site:
        ear = site.hear("planner")
        happen(toy_store, "a")
        until(lambda: ear.told)
        ear.close()
        happen(toy_store, "b", "c")
        again = site.hear("planner", last=ear.mark)
        until(lambda: len(again.told) == 2)
        assert again.subjects() == ["b", "c"]
    until(lambda: again.over)
    happen(toy_store, "d")
    with serving(toy_store) as site:
        third = site.hear("planner", last=again.mark)
        happen(toy_store, "e")
        until(lambda: len(third.told) == 2)
        assert third.subjects() == ["d", "e"]


def test_who_is_committed_late_is_told_late_and_not_lost(toy_store: Store, site: Served) -> None:
    ear = site.hear("planner")
    with transaction(toy_store.owner, "slow") as slow:
        record(slow, "thing", "first", "urge", path=ONE)
        happen(toy_store, "second")
        until(lambda: ear.told)
        ear.close()
    again = site.hear("planner", last=ear.mark)
    until(lambda: again.told)
    assert (ear.subjects(), again.subjects()) == (["second"], ["first"])


def test_a_listening_connection_that_is_killed_is_opened_again(
    toy_store: Store, site: Served
) -> None:
    ear = site.hear("planner")
    until(lambda: count(toy_store, EARS) == 1)
    count(toy_store, EARS.replace("count(*)", "count(pg_terminate_backend(pid))"))
    happen(toy_store, "a")
    until(lambda: ear.told)
    assert not ear.over


def test_a_fault_of_ours_on_the_way_to_boards_is_told_and_what_happened_comes_later(
    toy_store: Store, site: Served, caplog: pytest.LogCaptureFixture
) -> None:
    ear = site.hear("planner")
    named(toy_store, "events_seen", "events_hidden")
    happen(toy_store, "a")
    until(lambda: "hearing of events failed" in caplog.text)
    named(toy_store, "events_hidden", "events_seen")
    until(lambda: ear.subjects() == ["a"])
    assert not ear.over


def named(store: Store, name: str, other: str) -> None:
    with store.owner.begin() as conn:
        conn.execute(text(f"alter function {name} rename to {other}"))


def test_two_hundred_listeners_cost_one_connection(toy_store: Store, site: Served) -> None:
    people = ["planner", "leader", "stranger", *(f"leader-{code}" for code in toy.GRIDS)]
    ears = [site.hear(people[n % len(people)]) for n in range(200)]
    happen(toy_store, "a")
    until(lambda: all(ear.told for ear in ears[:: len(people)]))
    there = "select count(*) from pg_stat_activity where datname = current_database()"
    assert count(toy_store, EARS) == 1
    assert count(toy_store, there) < 40


@pytest.mark.parametrize("last", ["41", "nonsense", "99999999999/7:9:", "1/7:9:", "1764/9:7:8,8"])
def test_a_mark_that_cannot_be_gone_on_from_is_a_reset(
    toy_store: Store, site: Served, last: str
) -> None:
    ear = site.hear("planner", last=last)
    assert ear.kinds == ["reset"]
    happen(toy_store, "a")
    until(lambda: ear.told)


def test_too_much_missed_is_a_reset(toy_store: Store, site: Served) -> None:
    ear = site.hear("planner")
    ear.close()
    happen(toy_store, *map(str, range(501)))
    again = site.hear("planner", last=ear.mark)
    assert (again.kinds, again.told) == (["reset"], [])


def test_a_quiet_stream_beats(site: Served) -> None:
    ear = site.hear("planner")
    until(lambda: ear.beats > 1)
    assert mark_of(ear.mark, float(ear.mark.split("/")[0]))


def test_one_that_owes_too_much_is_let_go() -> None:
    slow = Listener("x", owed=2)
    slow.begin(Part("0", ()))
    for number in range(4):
        slow.tell(Part(str(number), ({"id": number, "noun": "x", "path": []},)))
    assert slow.over
    assert slow.queue.get_nowait() is None


def test_nothing_of_before_a_reset_is_told_after_it() -> None:
    events: list[dict[str, Any]] = [
        {"id": xact, "noun": "x", "path": [], "xact": xact} for xact in (6, 8, 9)
    ]
    ear = Listener("x", owed=5)
    ear.begin(Part("9", (), reset=True, read=Mark(0, "7:9:8")))
    ear.tell(Part("10", tuple(events)))
    part = ear.queue.get_nowait()
    assert part
    assert [event["id"] for event in part.events] == [8, 9]


def test_what_came_before_the_beginning_is_told_once_and_in_order() -> None:
    events = [{"id": number, "noun": "x", "path": []} for number in range(3)]
    ear = Listener("x", owed=5)
    ear.tell(Part("1", tuple(events[:2])))
    ear.tell(Part("3", tuple(events)))
    ear.begin(Part("2", tuple(events[:2])))
    assert [event["id"] for event in ear.first.events if ear.first] == [0, 1]  # type: ignore[union-attr]
    part = ear.queue.get_nowait()
    assert part
    assert [event["id"] for event in part.events] == [2]
    assert ear.queue.empty()


def test_a_snapshot_tells_what_came_after_it(toy_store: Store) -> None:
    with transaction(toy_store.owner, "x") as conn:
        seen = snapshot(conn)
    happen(toy_store, "a", "b", "c")
    with transaction(toy_store.owner, "x") as conn:
        fresh = events_since(conn, seen, 2)
        assert ([event["subject"] for event in fresh.events], fresh.more) == (["b", "c"], True)
        assert events_since(conn, fresh.seen, 2).events == ()
