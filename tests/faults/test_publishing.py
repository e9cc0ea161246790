"""Districts published and rolled back while issues come in and people read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from geo.store import imports
from geo.store.database import Connection, Store, transaction
from geo.store.planning import plans
from tests.faults import generated
from tests.faults.callers import Callers, Placed, until
from tests.faults.readers import LONGEST_MS, Reads, reading, slowest
from tests.faults.servers import begun
from tests.faults.sizes import FULL, said, size
from tests.plugins.database import Databases, Where

ISSUES = int(os.environ.get("JINGWEI_FAULTS_ISSUES", size(400, 1_000_000)))
CALM = size(3, 300)  # reads before anything is published, each kind in turn
ASTRAY = text(
    "select count(*) from issue as i where reference like 'busy-%' and (select count(*)"
    " from area as a where a.net = 'grid' and a.valid_from <= i.grid_revision"
    " and (a.valid_to is null or a.valid_to > i.grid_revision)"
    " and a.code = i.grid and ST_Covers(a.geom, i.geom)) <> 1"
)


@pytest.fixture
def ground(databases: Databases) -> Iterator[tuple[Where, Store, list[str]]]:
    """A city with open issues; and the districts whose plans are published."""
    name, store = databases.make()
    city = generated.filled(store, "city" if FULL else "small")
    with transaction(store.owner, "import") as conn:
        told = generated.reports(store, ISSUES, "old")
        imports.commit_issues(conn, told, imports.open_batch(conn, "issues"))
        conn.execute(text("analyze issue"))
        conn.execute(text("analyze task"))
    yield databases.where(name), store, list(city.areas.code[city.areas.kind == "district"])
    store.close()
    databases.drop(name)


def test_a_city_published_under_load_loses_no_issue_and_is_taken_back_whole(
    ground: tuple[Where, Store, list[str]], tmp_path: Path
) -> None:
    where, store, districts = ground
    numbers = [generated.joined(store, district) for district in districts]
    spots = generated.reports(store, size(3000, 6000), "busy")
    upto = generated.newest(store)
    before = generated.hashes(store, upto)
    with begun(where, tmp_path) as server:
        until(lambda: server.answers("/ready"))
        placed = Placed(spots.geometry.x.to_numpy(), spots.geometry.y.to_numpy())
        with (
            reading(where, districts[0]) as reads,
            Callers(server.port, list(spots.reference), pace=50, placed=placed) as told,
        ):
            until(lambda: len(told.taken) > size(10, 600) and len(reads) >= CALM, 300)
            began = time.monotonic()
            revisions = [stepped(store, plans.publish, number) for number in numbers]
            changed = generated.hashes(store, upto)
            for revision in reversed(revisions):
                stepped(store, plans.rollback, revision)
            ended = time.monotonic()
            told.enough.set()
    added = added_ms(reads, began, ended)
    held_off = [seconds for at, seconds in told.waits if began <= at < ended]
    late, most = np.percentile(held_off or [0.0], [95, 100])
    said(f"{len(held_off)} intakes meanwhile: p95 {late:.2f} s, most {most:.2f}; {told.summed()}")
    assert not FULL or max(added.values()) <= LONGEST_MS, added
    assert held_off, "issues came in meanwhile"
    assert not told.faults
    assert changed["areas"] != before["areas"]
    assert changed["events"] == before["events"]
    assert generated.hashes(store, upto) == before
    with transaction(store.owner, "test") as conn:
        kept = text("select count(*) from issue where reference like 'busy-%'")
        assert conn.execute(kept).scalar_one() == len(told.taken)
        assert conn.execute(ASTRAY).scalar_one() == 0, "each has one grid, of one revision"


def added_ms(reads: Reads, began: float, ended: float) -> dict[str, float]:
    """How much longer the slowest in twenty of each read took while plans were published."""
    calm = slowest(reads, upto=began)
    busy = slowest(reads, since=began, upto=ended)
    for name, own in busy.items():
        said(f"{name}: p50 {own.middle:.0f} ms, p95 {own.late:.0f}, most {own.most:.0f}; before"
             f" p50 {calm[name].middle:.0f}, p95 {calm[name].late:.0f}")  # fmt: skip
    return {name: own.late - calm[name].late for name, own in busy.items()}


def stepped(store: Store, step: Callable[[Connection, int], plans.Published], number: int) -> int:
    """The revision in which a plan is published, or a revision taken back."""
    began = time.perf_counter()
    with transaction(store.app, "approver") as conn:
        done = step(conn, number)
    spent = time.perf_counter() - began
    touched = f"{len(done.new)} new, {len(done.gone)} gone, {len(done.changed)} changed"
    said(f"{step.__name__}: {touched}, {done.tasks_moved} tasks moved, {spent:.2f} s")
    return done.revision
