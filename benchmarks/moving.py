"""Moving the untaken tasks of many open issues to a revision in which a fifth of the grids changed.

    python -m benchmarks.moving [--home FOLDER] [--size city] [--issues 200000]

A city's open issues are taken in by the file, every one sent by rule. Then every fifth grid and its
neighbour change shapes with each other, in one transaction that is taken back: the step that moves
tasks is timed by itself, and with all of putting the revision in force; meanwhile another
connection reads all the while, and the longest it waited is told.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import geopandas as gpd
from sqlalchemy import text

from api.settling import settle
from benchmarks.intake import PERSON, Spent, filled, folder_of, reports
from geo.store import imports
from geo.store.database import Connection, Store, transaction
from geo.store.net.revisions import add_revision, lock_net, retire_and_add
from geo.store.planning.moving import move_untaken
from geo.store.planning.succession import follow

# Of neighbours in a community each takes the other's shape: a fifth of the grids in all.
_TOUCHED = """
create temporary table touched on commit drop as
with numbered as (
    select a.*, row_number() over (partition by parent order by code) as n
    from area as a where net = 'grid' and valid_to is null and not special
),
pairs as (
    select one.id as one, two.id as two
    from numbered as one join numbered as two on two.parent = one.parent and two.n = one.n + 1
    where one.n = 1 and abs(hashtext(one.parent)) % 10 < 4
)
select a.net, a.kind, a.code, a.name, a.parent, a.rule, a.special, a.class, a.path, b.geom,
    a.id as old, a.code as old_code
from pairs
    cross join lateral (values (pairs.one, pairs.two), (pairs.two, pairs.one)) as p (own, other)
    join area as a on a.id = p.own
    join area as b on b.id = p.other
"""
_CITY = text(
    "select path from area where net = 'admin' and parent is null and valid_to is null limit 1"
)
_PARTY = text(
    "insert into party (code, kind, name) values (:party, 'person', :party) on conflict do nothing"
)
_APPROVER = text(
    "insert into duty (party, role, net, area) values (:party, 'approver', 'admin', :city)"
    " on conflict do nothing"
)
_OPEN = text("select count(*) from task where state = 'sent'")


def opened(store: Store, count: int) -> None:
    """Take issues in by the file until so many are open."""
    with transaction(store.owner, PERSON) as conn:
        missing = count - conn.execute(_OPEN).scalar_one()
    if missing <= 0:
        return
    told = reports(store, missing, f"moving-{missing}")
    frame = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy(told["lon"], told["lat"]), crs=4326)
    started = perf_counter()
    with transaction(store.owner, PERSON) as conn:
        imports.commit_issues(conn, frame, imports.open_batch(conn, "issues"))
        conn.execute(text("analyze task"))
    spent = perf_counter() - started
    print(f"{missing} issues by the file, routed and sent: {spent:.1f} s, {missing / spent:.0f}/s")


def reading(store: Store, over: Event, waits: list[float]) -> None:
    """Read open tasks and grids again and again, and note how long each took."""
    asked = text("select id, area from task where state = 'sent' order by id desc limit 50")
    with transaction(store.owner, PERSON) as conn:
        while not over.is_set():
            started = perf_counter()
            conn.execute(asked).all()
            conn.execute(text("select count(*) from area where valid_to is null")).all()
            waits.append(perf_counter() - started)


def moved(conn: Connection, path: list[str]) -> None:
    """Put the changed grids in force, as an approver of the whole city, and print what it took."""
    lock_net(conn, "grid")
    conn.execute(text(_TOUCHED))
    count = conn.execute(text("select count(*) from touched")).scalar_one()
    spent = [Spent(conn)]
    number = add_revision(conn, "grid", "plan", path=path)
    retire_and_add(conn, "grid", number)
    spent.append(Spent(conn))
    follow(conn, "grid", number)
    spent.append(Spent(conn))
    tasks = move_untaken(conn)
    spent.append(Spent(conn))
    for what, one, next_ in zip(
        (f"{count} grids changed", "duties follow", f"{tasks} tasks moved, an event each"),
        spent, spent[1:], strict=False,
    ):  # fmt: skip
        print(
            f"{what}: {next_.clock - one.clock:.2f} s, {next_.busy - one.busy:.2f} s of processors"
        )


def main() -> None:
    """Run it and print what it took."""
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path)
    options.add_argument("--size", default="city")
    options.add_argument("--issues", type=int, default=200_000)
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        store = filled(home, asked.size)
        opened(store, asked.issues)
        with transaction(store.owner, PERSON) as conn:
            path = conn.execute(_CITY).scalar_one()
            conn.execute(_PARTY, {"party": PERSON})
            conn.execute(_APPROVER, {"party": PERSON, "city": path[-1]})
        settle()  # as a server does before it answers
        over, waits = Event(), list[float]()
        reader = Thread(target=reading, args=(store, over, waits))
        reader.start()
        try:
            with transaction(store.app, PERSON, commit=False) as conn:
                moved(conn, path)
        finally:
            over.set()
            reader.join()
        print(f"{len(waits)} reads meanwhile, the longest {1000 * max(waits):.0f} ms")
        store.close()


if __name__ == "__main__":
    main()
