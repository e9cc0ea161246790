"""Two people change one issue at the same moment: what one did is never lost to the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import text

from geo.errors import StaleIssueError
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.working import issues
from geo.store.working.handling import act
from tests.faults.sizes import size
from tests.store.test_issues import at, received

PAIR = 2
URGES = text("select count(*) from event where noun = 'issue' and subject = :id and name = 'urge'")
URGED = text("select version from issue where id = :id")


def seen(store: Store, number: int) -> int:
    with transaction(store.owner, "test") as conn:
        return int(conn.execute(URGED, {"id": number}).scalar_one())


def changed(
    store: Store, number: int, version: int | None, gate: threading.Barrier, person: int
) -> bool:
    """Whether a change was taken; refused is only one that came second."""
    gate.wait(30)
    try:
        with transaction(store.app, "dispatcher") as conn:
            act(conn, number, Order(step="urge", reason=f"person {person}"), version=version)
    except StaleIssueError:
        return False
    return True


def test_of_two_changes_of_one_version_one_is_kept_and_the_other_told(store: Store) -> None:
    number, races = received(store, at(0.8, 1.2)).id, size(30, 10_000)
    with transaction(store.app, "dispatcher") as conn:
        issues.send(conn, number)
    first, gate = seen(store, number), threading.Barrier(PAIR)
    with ThreadPoolExecutor(PAIR) as pool:
        for race in range(races):
            # Every other pair has looked before; the rest change whatever is there.
            version = seen(store, number) if race % 2 else None
            won = list(pool.map(partial(changed, store, number, version, gate), range(PAIR)))
            assert sum(won) == (1 if version else PAIR)
    kept = races // 2 + PAIR * (races - races // 2)
    assert seen(store, number) == first + kept
    with transaction(store.owner, "test") as conn:
        assert conn.execute(URGES, {"id": str(number)}).scalar_one() == kept
