"""Taking issues in: over HTTP beside a plain GeoAlchemy2 endpoint, and by the file beside SQL.

    python -m benchmarks.intake [--size medium] [--home FOLDER] [--count 4000]
        [--rows 50000] [--rounds 5]

A city is made and imported into a data folder of its own (or that of `--home` is used, which must
hold one, or the database of JINGWEI_DATABASE_URL); every service is sent by rule. Both servers run
the same number of uvicorn workers and get the same requests from the same generator, one after the
other, twice. Ours does everything: key, areas and lane, route, task, two events. Then 50 intakes a
second while boards are polled. A file and its peers are taken in by turns, `--rounds` times; the
middle ratio is told.
Trust the ratios, not the absolutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time, sleep

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import text

from api.demo import FILES, import_file
from benchmarks.databases import database, opened
from benchmarks.intake_servers import HOME, PERSON, Base
from benchmarks.load import Answer, Line, flood, processor_seconds, request, steady
from geo.city import build, write
from geo.store import imports
from geo.store.answers import question
from geo.store.database import Connection, Store, transaction
from geo.store.locating import lane_values
from geo.store.private import cluster

# As `jingwei serve` has them: tiles at hand are answered where they are read.
OURS = ("ours", "forgetful")
PROTOCOL = ["--http", "api.tile_wire:TileProtocol"]
LINES = 32
BOARDS = 3
ROUNDS = 2


@contextmanager
def folder_of(home: Path | None) -> Iterator[Path]:
    """Give a data folder: the one named, or one that is gone afterwards, its database stopped."""
    if home is not None:
        yield home
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield Path(folder)
        finally:
            cluster.stop(Path(folder))


def filled(home: Path, size: str) -> Store:
    """Return the store of a folder; a city is imported unless it has one."""
    store = opened(home)
    with transaction(store.owner, PERSON) as conn:
        if not conn.execute(text("select count(*) from area")).scalar_one():
            with tempfile.TemporaryDirectory() as folder:
                write(build(size, 7), Path(folder))
                for noun, name in FILES:
                    if noun != "places":
                        import_file(store, noun, Path(folder) / name)
    with transaction(store.owner, PERSON) as conn:
        conn.execute(text("update service set auto_send = true"))
        conn.execute(text("drop table if exists plain_issue"))
        Base.metadata.create_all(conn, tables=[Base.metadata.tables["plain_issue"]])
    return store


def reports(store: Store, count: int, label: str) -> pd.DataFrame:
    """Return issues at random places of random grids, for random services."""
    draw = np.random.default_rng(len(label))
    with transaction(store.owner, PERSON) as conn:
        boxes = pd.DataFrame(
            conn.execute(
                text(
                    "select ST_XMin(geom), ST_XMax(geom), ST_YMin(geom), ST_YMax(geom) from area"
                    " where net = 'grid' and valid_to is null order by code"
                )
            ).all()
        ).to_numpy(float)
        leaves = conn.execute(
            text("select code from service where parent is not null order by code")
        ).scalars().all()  # fmt: skip
    west, east, south, north = boxes[draw.integers(0, len(boxes), count)].T
    at = draw.random((2, count))
    return pd.DataFrame(
        {
            "source": "web",
            "reference": [f"{label}-{n}" for n in range(count)],
            "service": draw.choice(leaves, count),
            "text": "路灯不亮，晚上看不清路。",
            "lon": west + (east - west) * at[0],
            "lat": south + (north - south) * at[1],
        }
    )


def as_requests(told: pd.DataFrame) -> list[bytes]:
    """Return a request for each issue."""
    rows = told.assign(datum="wgs84").to_dict("records")
    return [request("POST", "/api/issues", json.dumps(row).encode()) for row in rows]


@contextmanager
def served(what: str, home: Path, workers: int) -> Iterator[tuple[int, int]]:
    """Run a server of `benchmarks.intake_servers`; give its port and process once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "uvicorn", f"benchmarks.intake_servers:{what}", "--factory"]
    line += ["--port", str(port), "--workers", str(workers), "--log-level", "warning"]
    line += ["--no-access-log", *(PROTOCOL if what in OURS else [])]
    with subprocess.Popen(line, env=os.environ | {HOME: str(home)}) as server:  # noqa: S603 our own words
        try:
            _wait(port)
            yield port, server.pid
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                sleep(2)  # until every worker is there
                return
        sleep(0.2)
    raise TimeoutError(port)


def said(what: str, answers: list[Answer], seconds: float) -> float:
    """Print what a run came to and return its rate."""
    spent = 1000 * np.percentile([answer.seconds for answer in answers], [50, 95, 99])
    statuses = pd.Series([answer.status for answer in answers]).value_counts().to_dict()
    rate = len(answers) / seconds
    print(
        f"{what:<30}{rate:8.0f}/s   p50 {spent[0]:6.1f}  p95 {spent[1]:6.1f}"
        f"  p99 {spent[2]:6.1f} ms   {statuses}"
    )
    return rate


def side_by_side(store: Store, home: Path, count: int, workers: int) -> None:
    """Flood both servers with the same requests, in turns."""
    rates: dict[str, list[float]] = {"peer": [], "ours": []}
    work: dict[str, list[float]] = {"peer": [], "ours": []}
    for round_ in range(ROUNDS):
        for what, found in rates.items():
            told = as_requests(reports(store, count, f"{what}-{round_}-{os.getpid()}"))
            with served(what, home, workers) as (port, server):
                asyncio.run(flood(port, told[:200], LINES))
                before = processor_seconds(server) + processor_seconds(database(home))
                found.append(said(what, *asyncio.run(flood(port, told[200:], LINES))))
                after = processor_seconds(server) + processor_seconds(database(home))
            work[what].append(1000 * (after - before) / (count - 200))
            print(f"{'':<30}{work[what][-1]:8.2f} ms of processor each, server and database")
    ours, peer = (np.median(rates[what]) for what in ("ours", "peer"))
    print(f"HTTP, everything included: {ours / peer:.2f} x a plain GeoAlchemy2 ORM endpoint")
    ours, peer = (np.median(work[what]) for what in ("ours", "peer"))
    print(f"by processor time, which other work on the machine changes less: {peer / ours:.2f} x")


def with_boards(store: Store, home: Path, seconds: int, rate: float) -> None:
    """Take intakes in at a steady rate while boards are open, by one process as `serve` has."""
    told = as_requests(reports(store, int(seconds * rate), f"steady-{os.getpid()}"))
    with transaction(store.owner, PERSON) as conn:
        asked = "select code from area where net = 'admin' and kind = 'subdistrict' and"
        asked += " valid_to is null order by code limit 3"
        scopes = conn.execute(text(asked)).scalars().all()
        holder = "select party from duty where role = 'dispatcher' order by area, party limit 1"
        person = conn.execute(text(holder)).scalar_one()

    async def board(port: int, scope: str, looks: list[Answer]) -> None:
        line, path = Line(port), f"/api/issues.geojson?scope={scope}"
        while True:
            looks.append(await line.ask(request("GET", path, cookie=f"jingwei_person={person}")))
            await asyncio.sleep(5)

    async def day(port: int) -> tuple[list[Answer], list[Answer]]:
        looks: list[Answer] = []
        boards = [asyncio.create_task(board(port, scope, looks)) for scope in scopes[:BOARDS]]
        answers = await steady(port, told, rate, LINES)
        for one in boards:
            one.cancel()
        return answers, looks

    with served("ours", home, 1) as (port, _):
        answers, looks = asyncio.run(day(port))
    said(f"{rate:.0f} a second, boards open", answers, seconds)
    said("  the boards", looks, seconds)


class Spent:
    """Seconds on the clock, and of processors: ours and that of the connection's server process."""

    def __init__(self, conn: Connection) -> None:
        server = int(conn.connection.driver_connection.info.backend_pid)
        self.clock, self.busy = perf_counter(), process_time() + processor_seconds(server)

    def rates(self, rows: int, over: Spent) -> tuple[float, float]:
        """Return how many rows that was a second, on the clock and of processors."""
        return rows / (over.clock - self.clock), rows / (over.busy - self.busy)


def by_the_file(store: Store, rows: int, rounds: int) -> None:
    """Take a file in beside INSERT ... SELECT with its lookup, by turns, of the same rows."""
    told = reports(store, rows, f"bulk-{os.getpid()}")
    found = np.array([_one_round(store, told) for _ in range(rounds)])  # round, way, clock or busy
    ours, *peers = np.median(found, axis=0)
    print(f"{'by the file, ours':<40}{ours[0]:8.0f} rows/s, {ours[1]:8.0f} by processor")
    for way, (what, *_), rate in zip(range(1, 1 + len(PEERS)), PEERS, peers, strict=True):
        times = found[:, 0] / found[:, way]
        clock, busy = np.median(times, axis=0)
        print(
            f"{what:<40}{rate[0]:8.0f} rows/s, {rate[1]:8.0f} by processor: ours {clock:.1f} x,"
            f" by processor {busy:.1f} x ({times[:, 1].min():.1f} to {times[:, 1].max():.1f})"
        )


def _one_round(store: Store, told: pd.DataFrame) -> list[tuple[float, float]]:
    """Return how quick the file is, and each peer on part of it: rows a second, clock and busy."""
    points = gpd.points_from_xy(told["lon"], told["lat"])
    frame = gpd.GeoDataFrame(told, geometry=points, crs=4326)
    with transaction(store.owner, PERSON, commit=False) as conn:
        spent = Spent(conn)
        imports.commit_issues(conn, frame, imports.open_batch(conn, "issues"))
        rates = [spent.rates(len(told), Spent(conn))]
    for _, lookup, share in PEERS:
        with transaction(store.owner, PERSON, commit=False) as conn:
            rates.append(_inserted(conn, told.head(len(told) // share), lookup))
    return rates


GRID_ALONE = """
insert into plain_issue (source, reference, service, text, grid, geom)
select s.source, s.reference, s.service, s.text, (
        select a.code from area as a
        where a.net = 'grid' and a.valid_to is null and ST_Covers(a.geom, p.geom)
        order by a.special desc, a.code limit 1
    ), p.geom
from pg_temp.told as s
    cross join lateral (select ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326) as geom) as p
"""
WHOLE = """
insert into issue (source, reference, service, text, geom, grid, community, subdistrict, lane, path,
    grid_revision, admin_revision, received_by)
select s.source, s.reference, s.service, s.text,
    ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326),
    l.grid, l.community, l.subdistrict, l.lane, l.path, l.grid_revision, l.admin_revision, 'bench'
from pg_temp.told as s cross join lateral ({located}) as l
"""

PEERS = (  # what it is, how the rows are looked up, of how many rows one is taken
    ("INSERT ... SELECT, the grid alone", GRID_ALONE, 5),
    ("INSERT ... SELECT, grid to lane", WHOLE, 10),
)


def _inserted(conn: Connection, told: pd.DataFrame, order: str) -> tuple[float, float]:
    """Return how quick an INSERT ... SELECT is, the copying of the rows included."""
    located = question("grid_of_point").text
    for name in ("lon", "lat"):
        located = located.replace(f"cast(:{name} as double precision)", f"s.{name}")
    spent = Spent(conn)
    columns = "source text, reference text, service text, text text, lon float8, lat float8"
    conn.execute(text(f"create temporary table told ({columns}) on commit drop"))
    driver = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("copy told from stdin (format csv)") as copy:
        copy.write(told.to_csv(index=False, header=False).encode())
    conn.execute(
        text(order.replace("{located}", located)),
        lane_values(conn) if "{located}" in order else {},
    )
    return spent.rates(len(told), Spent(conn))


def main() -> None:
    """Run everything and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="medium")
    options.add_argument("--home", type=Path)
    options.add_argument("--count", type=int, default=4_000)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--only", default="http,boards,file")
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        store = filled(home, asked.size)
        print(f"load {os.getloadavg()[0]:.1f}")
        if "http" in asked.only:
            side_by_side(store, home, asked.count, asked.workers)
        if "boards" in asked.only:
            with_boards(store, home, asked.seconds, 50)
        if "file" in asked.only:
            by_the_file(store, asked.rows, asked.rounds)
        store.close()


if __name__ == "__main__":
    main()
