"""Heat with filters over a whole city of a million issues: what the database takes for an answer.

    python -m benchmarks.heat --home FOLDER

The data folder is one that `benchmarks.tiles` has filled. Issues that have no reporter are given
one once, three a person, one in ten stays unknown: that takes minutes. What is printed is the
processor time of the connection that asks, which other work on the machine changes less.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import text

from benchmarks.databases import opened
from benchmarks.intake_servers import PERSON
from benchmarks.load import processor_seconds
from geo.store.database import Connection, Store, transaction
from geo.store.shown.heat import Heard, cells_of_box, heat
from geo.store.shown.shapes import extent

GOAL_S: Final = 0.5
ZOOM: Final = 9
ROUNDS: Final = 3
FILTERS: Final = {
    "all": Heard(),
    "reporters": Heard(reporters=True),
    "the largest source": Heard(source="hotline"),
    "reporters of the largest source": Heard(source="hotline", reporters=True),
    "a source of a fifth": Heard(source="wechat"),
}


def with_reporters(store: Store) -> None:
    """Give issues reporters, unless any has one."""
    with transaction(store.owner, PERSON) as conn:
        if conn.execute(text("select count(reporter) from issue")).scalar_one():
            return
        conn.execute(text("alter table issue disable trigger user"))
        given = "update issue set reporter = md5((id % 300000)::text) where id % 10 <> 0"
        conn.execute(text(given))
        conn.execute(text("alter table issue enable trigger user"))
        conn.execute(text("analyze issue"))


def spent(conn: Connection, heard: Heard, bounds: tuple[float, ...]) -> tuple[float, float, int]:
    """Return the processor seconds and the seconds of an answer, the best; and its cells."""
    process = int(conn.execute(text("select pg_backend_pid()")).scalar_one())
    cells, rounds = cells_of_box(ZOOM, *bounds), []
    for _ in range(ROUNDS):
        busy, began = processor_seconds(process), perf_counter()
        found = len(heat(conn, cells, heard))
        rounds.append((processor_seconds(process) - busy, perf_counter() - began, found))
    return min(rounds)


def main() -> None:
    """Run everything and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    store = opened(options.parse_args().home)
    with_reporters(store)
    with transaction(store.owner, PERSON) as conn:
        holder = "select party from duty where role = 'dispatcher' order by area, party limit 1"
        person = conn.execute(text(holder)).scalar_one()
    with transaction(store.app, person) as conn:
        many = conn.execute(text("select count(*) from issue")).scalar_one()
        print(f"load {os.getloadavg()[0]:.1f}; {many:,} issues, zoom {ZOOM}, goal {GOAL_S} s")
        bounds = extent(conn, 1)
        assert bounds is not None
        for name, heard in FILTERS.items():
            busy, clock, cells = spent(conn, heard, bounds)
            print(f"{name:<34}{busy:6.2f} s of the processor, {clock:.2f} s, {cells:,} cells")
    store.close()


if __name__ == "__main__":
    main()
