"""A redraw under way when a server must stop: its drawer is told, and nothing of it is kept."""

from __future__ import annotations

import http.client
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import geopandas as gpd
from sqlalchemy import text

from api.acting import COOKIE
from geo.store.database import Engine, Store, transaction
from geo.store.planning import plans
from tests.faults.callers import until
from tests.faults.servers import Server, begun
from tests.plugins.database import Where
from tests.store import toy

SIDE = 128  # atoms along the community: its best plan takes seconds, on a quick machine too
COMPUTES = text(
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and state = 'idle in transaction' and state_change < now() - interval '1 s'"
)


def fine_atoms() -> gpd.GeoDataFrame:
    """Return atoms of community 001 in a lattice, 20 households each, in grids in force."""
    width = 2 / SIDE
    lattice = [(column, row) for row in range(SIDE) for column in range(SIDE)]
    rows: list[tuple[object, ...]] = [
        (*(f"{n:05d}", 20, toy.ONE, grid_at(column, row)),
         toy.square(column * width, row * width, width, width))
        for n, (column, row) in enumerate(lattice)
        if not (SIDE // 2 <= column < SIDE * 3 // 4 and row < SIDE // 4)
    ]  # fmt: skip
    return toy.frame(rows, "code households within grid geometry")


def grid_at(column: int, row: int) -> str:
    east, south = column >= SIDE // 2, row < SIDE // 2
    return f"{toy.ONE}{1 + east + 2 * south:03d}"


def redrawn(server: Server, plan: int, version: object) -> tuple[int, dict[str, object]]:
    """What is said to whoever has the community drawn anew as well as it can be."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)) as line:
        body = json.dumps({"kind": "redraw", "within": toy.ONE, "quality": "best"})
        head = {"content-type": "application/json", "cookie": f"{COOKIE}=planner"}
        head |= {"if-match": f'"{version}"'}
        line.request("POST", f"/api/plans/{plan}/edits", body, head)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def is_computing(store: Store, plan: int) -> bool:
    """Whether a plan is held by somebody, who has asked the database nothing for a second."""
    free = text("select from plan where id = :plan for update skip locked")
    with transaction(store.owner, "test") as conn:
        is_held = conn.execute(free, {"plan": plan}).first() is None
    return is_held and any(sees_computing(engine) for engine in (store.app, store.owner))


def sees_computing(engine: Engine) -> bool:
    """Whether a role sees it: what others do is told to their own role, and an administrator."""
    with transaction(engine, "planner") as conn:
        return bool(conn.execute(COMPUTES).scalar_one())


def state_of(store: Store, plan: int) -> tuple[object, ...]:
    with transaction(store.owner, "test") as conn:
        told = "select version, (select count(*) from event) from plan where id = :plan"
        return tuple(conn.execute(text(told), {"plan": plan}).one())


def test_a_redraw_under_way_when_a_server_must_stop_is_undone_and_told_so(
    where: Where, store: Store, tmp_path: Path
) -> None:
    with transaction(store.app, "planner") as conn:
        plan = plans.create(conn, net="grid", scope=toy.ONE, title="方案")
        plans.save_assignment(conn, plan, fine_atoms())
    before = state_of(store, plan)
    with begun(where, tmp_path, finish_s=1) as server, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(redrawn, server, plan, before[0])
        until(lambda: is_computing(store, plan))
        began = time.monotonic()
        server.end(signal.SIGTERM)
        assert time.monotonic() - began < 30, "it waited for its limit, not for the plan"
        status, told = asked.result(60)
    assert (status, told["code"]) == (503, "Stopping"), told
    assert "什么也没有写入" in str(told["zh"])
    assert state_of(store, plan) == before
