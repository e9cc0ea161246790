"""Lines to the database that swallow what is sent and say nothing: work goes on over new ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from api.outgoing.secrets import made_secret
from geo.store.database import Store
from geo.store.line import OWNERS
from tests.faults.wire import Wire, wired
from tests.plugins.database import Databases, Where
from tests.store.outbox import receiver as behave
from tests.store.outbox.receiver import Receiver, receiving
from tests.store.outbox.test_delivery import PENDING, happen, hook
from tests.store.outbox.workers import Bench, count, until, working

# The owner's role may take an hour for a file; whoever waits for it here, a second.
PATIENCE = replace(OWNERS, connect=2, look=0.5, line=1.0, people=1.0)
HELD = text("select from delivery where state = 'pending' for update")
WAITING = text("select count(*) from pg_locks where not granted")


@pytest.fixture
def outbox(
    where: Where, databases: Databases, store: Store, tmp_path: Path
) -> Iterator[tuple[Wire, Bench, Receiver]]:
    """A worker whose database is on another machine, and a receiver that is told of all."""
    if databases.cluster is None:
        pytest.skip("the network to somebody else's server is not touched here")
    with (
        wired(replace(where, patience=PATIENCE)) as (wire, through),
        receiving(made_secret(tmp_path, "city")) as target,
    ):
        hook(Bench(store, tmp_path), "city", target)
        far = through.opened()
        with working(Bench(far, tmp_path)):
            yield wire, Bench(store, tmp_path), target
        far.close()
        with store.owner.begin() as conn:
            conn.execute(text("delete from delivery"))
            conn.execute(text("delete from hook"))


def test_a_worker_at_rest_whose_lines_swallow_all_goes_on_over_new_ones(
    outbox: tuple[Wire, Bench, Receiver],
) -> None:
    wire, bench, target = outbox
    happen(bench)
    until(lambda: count(bench.store, PENDING) == 0)
    wire.swallow()
    happen(bench, 3)
    until(lambda: count(bench.store, PENDING) == 0, 20)
    assert len(target.effects) == 4


def test_a_worker_whose_line_swallows_what_it_settles_sends_again_and_settles(
    outbox: tuple[Wire, Bench, Receiver],
) -> None:
    wire, bench, target = outbox
    target.always = behave.hang
    happen(bench)
    until(lambda: target.tries)
    with bench.store.owner.connect() as held, held.begin():
        held.execute(HELD)
        target.always = behave.answer(204)
        target.opened.set()
        until(lambda: held.execute(WAITING).scalar_one())
        wire.swallow()
    until(lambda: count(bench.store, PENDING) == 0, 20)
    assert len(target.effects) == 1
    assert max(target.tries.values()) == 2
