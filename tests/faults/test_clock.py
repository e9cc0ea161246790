"""The clock of the machine set back: what was written lies in the future, and work goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.outgoing.secrets import made_secret
from api.settings import Settings
from geo.issues import Order
from geo.store import events
from geo.store.database import Store, cluster_engine, transaction
from geo.store.private.home import ADMIN
from geo.store.working import issues
from geo.store.working.handling import act
from tests.api.conftest import HERE
from tests.faults.callers import issue
from tests.plugins.database import Databases, Where
from tests.store.outbox.receiver import answer, receiving
from tests.store.outbox.test_delivery import PENDING, happen, hook
from tests.store.outbox.workers import Bench, count, until, working
from tests.store.test_issues import at, received

MOMENTS = text(
    "select format('update %I.%I set %s', table_schema, table_name,"
    " string_agg(format('%1$I = %1$I + interval ''2 h''', column_name), ', '))"
    " from information_schema.columns join information_schema.tables"
    " using (table_schema, table_name)"
    " where table_schema in ('public', 'queue') and table_type = 'BASE TABLE'"
    " and data_type = 'timestamp with time zone' group by table_schema, table_name"
)
# As a worker leaves it that was killed: its heart beat last when it took the job.
PICKED = text("update queue.pgqueuer set status = 'picked', heartbeat = now(), updated = now()")

ARRIVED = (
    "select count(*) from delivery join hook on hook.id = delivery.hook"
    " where hook.name = 'rests' and delivery.state = 'delivered'"
)


def set_back(databases: Databases, where: Where) -> None:
    """Set the clock back by two hours: every moment that was written moves on by as much."""
    if databases.cluster is None:
        pytest.skip("only the private database lets its administrator write past triggers")
    engine = cluster_engine(databases.cluster, ADMIN, where.name)
    with engine.begin() as conn:
        conn.execute(text("set local session_replication_role = replica"))
        for order in conn.execute(MOMENTS).scalars().all():
            conn.exec_driver_sql(order)
    engine.dispose()


def test_work_goes_on_when_the_clock_is_set_back(
    databases: Databases, where: Where, store: Store, tmp_path: Path
) -> None:
    bench = Bench(store, tmp_path)
    number = received(store, at(0.8, 1.2)).id
    app = create_app(store, person="dispatcher", chosen=Settings(tmp_path))
    with (
        receiving(made_secret(tmp_path, "city")) as target,
        TestClient(app, client=HERE) as client,
    ):
        hook(bench, "city", target)
        first = client.post("/api/issues", json=issue("early"))
        with transaction(store.owner, "test") as conn:
            conn.execute(PICKED)
        set_back(databases, where)
        again = client.post("/api/issues", json=issue("early"))
        assert (first.status_code, again.status_code) == (201, 200)
        assert client.post("/api/issues", json=issue("late")).status_code == 201
        with transaction(store.app, "dispatcher") as conn:
            issues.send(conn, number)
            act(conn, number, Order(step="urge", reason="又来电"))
            told = events.history(conn, "issue", number).name.tolist()
        assert told == ["receive", "send", "urge"], "in the order in which it happened"
        with working(bench):
            until(lambda: count(store, PENDING) == 0, 20)
        assert len(target.effects) == len(target.tries) >= 6
        assert client.get("/api/board").status_code == 200


def test_a_receiver_that_asked_for_a_second_is_not_left_alone_for_hours(
    databases: Databases, where: Where, store: Store, tmp_path: Path
) -> None:
    bench = Bench(store, tmp_path)
    with receiving(made_secret(tmp_path, "rests")) as target:
        target.script = [answer(429, retry_after="1")]
        hook(bench, "rests", target)
        happen(bench)
        with working(bench):
            until(lambda: count(store, "select count(*) from hook where rests_until > now()"))
        set_back(databases, where)
        with working(bench):
            until(lambda: count(store, ARRIVED), 20)
    assert list(target.tries.values()) == [2]
