"""Tiles: kept ones beside a bare hello, made ones beside pgbench, heat beside raw points, sizes.

    python -m benchmarks.tiles [--size medium] [--home FOLDER] [--points 1000000] [--only kept,...]

A city is made and imported into a data folder of its own (or that of `--home` is used, which must
hold one, buildings too). Both sides of a comparison are asked in turns, several times; trust the
ratios, and of those most the one by processor time, which other work on the machine changes less.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

import numpy as np
from sqlalchemy import text

from api.demo import import_file
from benchmarks.databases import database
from benchmarks.intake import filled, folder_of, served
from benchmarks.intake_servers import PERSON
from benchmarks.load import processor_seconds, request, rush
from geo.store.answers import question
from geo.store.database import Connection, Store, transaction
from geo.store.private.home import APP
from geo.store.private.programs import server_programs
from geo.store.shown.heat import CELLS, Heard, cells_of_box, cells_of_tile, fold, heat_tile
from geo.store.shown.shapes import extent, make_edition
from geo.store.shown.tiles import MOST_BYTES, NAMES, tile, ways_to_ask

ROUNDS = 5
# While processes of the database end, what they took is told nowhere: once 3 µs for 1 ms.
GONE_S = 0.5
LINES = 4
KEPT_BYTES = 9_000
GOALS = {9: 0.85, 13: 0.65}
# Of pgbench: a question is planned each time, or once for each tile and connection.
MODES = {"simple": "planned each time", "prepared": "planned once"}
RAW = """
select ST_AsMVT(t, 'raw', 4096, 'g') from (
    select i.id, i.state, ST_AsMVTGeom(ST_Transform(i.geom, 3857), ST_TileEnvelope(:z, :x, :y)) as g
    from issue as i where i.geom && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
) as t
"""
Address = tuple[int, int, int]


class Rate(NamedTuple):
    """Answers a second, and processor milliseconds for each: of the server and the database."""

    second: float
    busy: float


def addresses(bounds: tuple[float, ...], zoom: int, most: int) -> list[Address]:
    """Return tiles over a box, at most so many, drawn by lot."""
    cells = cells_of_box(zoom, *bounds)
    columns = range(cells.x0 >> CELLS, (cells.x1 >> CELLS) + 1)
    rows = range(cells.y0 >> CELLS, (cells.y1 >> CELLS) + 1)
    every = [(zoom, x, y) for x in columns for y in rows]
    chosen = np.random.default_rng(zoom).permutation(len(every))[:most]
    return [every[n] for n in chosen]


def asked_of(server: tuple[int, int], home: Path, paths: list[bytes]) -> Rate:
    """Return how quickly a server answers."""
    port, process = server
    rush(port, paths[: LINES * 10], LINES)
    before = processor_seconds(process) + processor_seconds(database(home))
    told, seconds = rush(port, paths, LINES)
    after = processor_seconds(process) + processor_seconds(database(home))
    assert told == {200: len(paths)}
    return Rate(len(paths) / seconds, 1000 * (after - before) / len(paths))


def kept(home: Path, way: Address, size: int) -> None:
    """Set a tile that is kept beside nine kilobytes of a bare hello."""
    z, x, y = way
    packed = b"accept-encoding: gzip\r\n"
    plain = request("GET", f"/tiles/grids/{z}/{x}/{y}.mvt?v=1")
    path = plain.replace(b"\r\n\r\n", b"\r\n" + packed + b"\r\n")
    with served("ours", home, 1) as ours, served("hello", home, 1) as hello:
        rush(ours[0], [path], 1)
        rates = [
            (asked_of(ours, home, [path] * 20_000), asked_of(hello, home, [path] * 20_000))
            for _ in range(ROUNDS)
        ]
    _told(f"kept tile of {size:,} bytes beside a bare hello (goal 0.9 x)", rates)


def made(store: Store, home: Path, zoom: int, ways: list[Address]) -> None:
    """Set tiles that are made beside pgbench, which runs the same SQL."""
    count = max(60, min(4_000, 40 * 2 ** (zoom - 5)))
    paths = [
        request("GET", f"/tiles/grids/{z}/{x}/{y}.mvt?v=1") for z, x, y in (ways * count)[:count]
    ]
    with served("forgetful", home, 1) as ours:
        rates = [
            (asked_of(ours, home, paths), *(pgbench(store, home, ways, mode) for mode in MODES))
            for _ in range(ROUNDS)
        ]
    for n, how in enumerate(MODES.values(), 1):
        beside = [(each[0], each[n]) for each in rates]
        _told(f"made tiles of zoom {zoom} beside pgbench, {how} (goal {GOALS[zoom]} x)", beside)


def pgbench(store: Store, home: Path, ways: list[Address], mode: str) -> Rate:
    """Return how quickly pgbench runs the SQL of tiles, in one of its modes."""
    url = store.app.url
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, way in enumerate(ways[:100]):
            (Path(folder) / f"{n}.sql").write_text(literal(way))
            files += ["-f", f"{folder}/{n}.sql"]
        line = [str(server_programs().folder / "pgbench"), "-n", "-c", str(LINES), "-T", "6"]
        whole = url.set(drivername="postgresql", password=None)
        line += ["-M", mode, *files, whole.render_as_string()]
        options = f"-c jit=off -c role={APP} -c jingwei.person={PERSON}"
        told = {"PGPASSWORD": url.password} if url.password else {}
        told["PGOPTIONS"] = options
        before = processor_seconds(database(home))
        done = subprocess.run(  # noqa: S603 our own words
            line, env=os.environ | told, capture_output=True, text=True, check=True
        )
        sleep(GONE_S)
        spent = processor_seconds(database(home)) - before
    run = int(re.search(r"transactions actually processed: (\d+)", done.stdout)[1])
    return Rate(float(re.search(r"tps = ([\d.]+)", done.stdout)[1]), 1000 * spent / run)


def literal(way: Address) -> str:
    """Return the SQL of a tile with its values in it, as pgbench takes it: on one line."""
    name, values = ways_to_ask("grids", way, 1)[0]
    values = {**values, "layer": "grids", **dict(zip("zxy", way, strict=True))}
    lines = [line for line in question(name).text.splitlines() if not line.startswith("--")]
    said = {k: f"'{v}'" if isinstance(v, str) else str(v).lower() for k, v in values.items()}
    told = " ".join(lines)
    return re.sub(r"(?<!:):(\w+)", lambda found: said[found[1]], told) + ";\n"


def heat_of(store: Store, bounds: tuple[float, ...], points: int) -> None:
    """Set heat beside raw points."""
    with transaction(store.owner, PERSON) as conn:
        there = _multiplied(conn, points)
        fold(conn)
    with transaction(store.owner, PERSON) as conn:
        conn.execute(text("analyze issue, heat_cell, heat_change"))
        holder = "select party from duty where role = 'dispatcher' order by area limit 1"
        person = conn.execute(text(holder)).scalar_one()
    with transaction(store.app, person) as conn:
        for zoom in (9, 12, 15):
            z, x, y = max(
                addresses(bounds, zoom, 40),
                key=lambda way: len(heat_tile(conn, cells_of_tile(*way), Heard())),
            )
            ours = _best(lambda way: heat_tile(conn, cells_of_tile(*way), Heard()), (z, x, y), 9)
            raw = _best(lambda way: _raw(conn, *way), (z, x, y), 3)
            print(
                f"heat, zoom {z}, {there:,} points: {1000 * ours[0]:.1f} ms, {ours[1]:,} bytes; raw"
                f" points {1000 * raw[0]:.0f} ms, {raw[1]:,} bytes: {raw[0] / ours[0]:.0f} x"
            )


def _raw(conn: Connection, z: int, x: int, y: int) -> bytes:
    return bytes(conn.execute(text(RAW), {"z": z, "x": x, "y": y}).scalar_one())


def _best(making: Callable[[Address], bytes], way: Address, times: int) -> tuple[float, int]:
    spent, size = [], 0
    for _ in range(times):
        started = perf_counter()
        size = len(making(way))
        spent.append(perf_counter() - started)
    return min(spent), size


def _multiplied(conn: Connection, points: int) -> int:
    """Return how many issues there are, more of the same kind added until there are enough."""
    there = int(conn.execute(text("select count(*) from issue")).scalar_one())
    if not there:
        return 0
    more = """
insert into issue (source, reference, service, reported_at, geom, grid, community, subdistrict,
    lane, path, grid_revision, admin_revision, state, outcome, received_by)
select source, reference || '+' || :n, service, reported_at,
    ST_Translate(geom, (random() - 0.5) / 300, (random() - 0.5) / 300), grid, community,
    subdistrict, lane, path, grid_revision, admin_revision, 'closed', 'solved', received_by
from issue where reference not like '%+%' order by id limit :most"""
    each, n = there, 0
    while there < points:
        n += 1
        conn.execute(text(more), {"n": n, "most": min(each, points - there)})
        there += min(each, points - there)
    return there


def sizes(store: Store, bounds: tuple[float, ...], most: int) -> None:
    """Say how large tiles are, layer by layer."""
    with transaction(store.app, PERSON) as conn:
        for layer in NAMES:
            found = [
                (len(tile(conn, layer, way, 1)), way)
                for zoom in range(8, 17)
                for way in addresses(bounds, zoom, most)
            ]
            largest = max(found)
            assert largest[0] <= MOST_BYTES, largest
            print(
                f"{layer:<14}{len(found):6,} tiles, the largest {largest[0]:8,} bytes {largest[1]}"
            )


def _told(what: str, rates: list[tuple[Rate, Rate]]) -> None:
    clock = np.median([ours.second / other.second for ours, other in rates])
    busy = np.median([other.busy / max(ours.busy, 1e-9) for ours, other in rates])
    best = max(ours.second for ours, _ in rates), max(other.second for _, other in rates)
    print(
        f"{what}: {clock:.2f} x on the clock (median of {len(rates)}; best {best[0]:,.0f}/s and"
        f" {best[1]:,.0f}/s), {busy:.2f} x by processor"
    )


def about(store: Store, size: int) -> Address:
    """Return the address of a tile of grids that is packed to about so many bytes."""
    import gzip  # noqa: PLC0415 here alone

    with transaction(store.app, PERSON) as conn:
        bounds = extent(conn, 1)
        ways = [way for zoom in (11, 12, 13) for way in addresses(bounds, zoom, 60)]
        return min(
            ways,
            key=lambda way: abs(len(gzip.compress(tile(conn, "grids", way, 1), 6)) - size),
        )


def main() -> None:
    """Run everything and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="medium")
    options.add_argument("--home", type=Path)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--most", type=int, default=400)
    options.add_argument("--only", default="sizes,kept,made,heat")
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        store = home_filled(home, asked.size)
        with transaction(store.app, PERSON) as conn:
            bounds = extent(conn, 1)
        print(f"load {os.getloadavg()[0]:.1f}")
        if "sizes" in asked.only:
            sizes(store, bounds, asked.most)
        if "kept" in asked.only:
            kept(home, about(store, KEPT_BYTES), KEPT_BYTES)
        if "made" in asked.only:
            for zoom in GOALS:
                made(store, home, zoom, addresses(bounds, zoom, 100))
        if "heat" in asked.only:
            heat_of(store, bounds, asked.points)
        store.close()


def home_filled(home: Path, size: str) -> Store:
    """Return the store of a folder with a city, its places, issues and an edition of its shapes."""
    store = filled(home, size)
    with transaction(store.owner, PERSON) as conn:
        empty = not conn.execute(text("select count(*) from issue")).scalar_one()
    if empty:
        from geo.city import build, write  # noqa: PLC0415 heavy, and not for a home that is there

        with tempfile.TemporaryDirectory() as folder:
            for one in write(build(size, 7), Path(folder)):
                for noun in ("places", "issues"):
                    if one.path.stem == noun and one.layer in ("", "building"):
                        import_file(store, noun, one.path)
    with transaction(store.owner, PERSON) as conn:
        make_edition(conn)
    return store


if __name__ == "__main__":
    main()
