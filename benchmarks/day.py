"""A day of a city at ten times its peak, through the server: what is accepted, lost, doubled.

    python -m benchmarks.day [--home FOLDER] [--size medium] [--calls 230000] [--minutes 20]

The calls of a day come with the hours of the generated city's own (few at night, a peak before
noon), the whole day squeezed into some minutes; one in fifty is delivered twice, as a line that
broke would. Afterwards the database is asked for every reference.

    python -m benchmarks.day --eight-hours [--home FOLDER] [--size medium] [--minutes 3]

The calls of eight working hours of Jinan's peak day in so many minutes, of three such days, by
`jingwei serve` and `jingwei work` as they run in service, while boards and phones are open, drafts
are drawn and published and taken back, and a receiver is told of all. Memory, connections and
files must stay what they were, answers as quick, and all messages leave; else status 1.

    python -m benchmarks.day --los-angeles FOLDER

The tickets of 2017 of Los Angeles in a folder of real files, handed in over HTTP one by one, their
councils as grids, with the council of the official record beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from http import HTTPStatus
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import text

from benchmarks.databases import database, opened
from benchmarks.day_calls import beginnings
from benchmarks.day_hours import eight_hours, with_places
from benchmarks.held import sampled
from benchmarks.intake import (
    LINES,
    PERSON,
    as_requests,
    filled,
    folder_of,
    reports,
    said,
    served,
)
from benchmarks.load import Answer, flood, memory_mb, request, timed_at
from geo.load import ReadOptions, read
from geo.store import imports
from geo.store.database import Store, transaction

_TWICE = 50  # one in so many is delivered twice
_LOOK = 1.0  # seconds between two looks at the memory


def a_day(store: Store, home: Path, calls: int, seconds: float) -> None:
    """Send the day and print what became of it."""
    label = f"day-{os.getpid()}"
    asked, at = as_requests(reports(store, calls, label)), beginnings(calls, seconds)
    again = np.arange(0, calls, _TWICE)
    order = np.argsort(np.concatenate([at, at[again] + 0.05]), kind="stable")
    every = [*asked, *(asked[n] for n in again)]
    both = np.concatenate([at, at[again] + 0.05])
    when = both[order]
    with (
        served("ours", home, 1) as (port, server),
        sampled(lambda: (memory_mb(server), memory_mb(database(home))), _LOOK) as memory,
    ):
        answers = asyncio.run(timed_at(port, [every[n] for n in order], when.tolist(), LINES))
    said(f"{calls} calls in {seconds:.0f} s", answers, seconds)
    by_the_hour(answers, when / seconds, memory)
    minute = np.histogram(both, np.arange(0, seconds + 1, 1.0))[0].max()
    with transaction(store.owner, PERSON) as conn:
        found = "select count(*), count(distinct reference) from issue where reference like :label"
        rows, kept = conn.execute(text(found), {"label": f"{label}-%"}).one()
    accepted = sum(answer.status == HTTPStatus.CREATED for answer in answers)
    print(f"the fullest second {minute} calls; accepted {accepted}, lost {calls - kept},"
          f" doubled {rows - kept}")  # fmt: skip


def by_the_hour(answers: list[Answer], at: np.ndarray, memory: list[tuple[float, float]]) -> None:
    """Print of each hour of the day how long answers took and what memory was held at its end."""
    taken = 1000 * np.array([answer.seconds for answer in answers])
    hours = np.minimum(24 * at, 23).astype(int)
    print("hour   calls     p50     p95     p99 ms   server  database MB")
    for hour in np.unique(hours):
        own = taken[hours == hour]
        p50, p95, p99 = np.percentile(own, [50, 95, 99])
        held = (
            memory[min((hour + 1) * len(memory) // 24, len(memory) - 1)] if memory else (0.0, 0.0)
        )
        print(f"{hour:4}{len(own):8}{p50:8.1f}{p95:8.1f}{p99:8.1f}   {held[0]:9.0f}{held[1]:10.0f}")


def los_angeles(folder: Path) -> None:
    """Hand the tickets in and print how many councils agree with the record."""
    record = pd.read_csv(folder / "la_311_2017_subset.csv.gz", dtype="str")
    with folder_of(None) as home:
        store = opened(home)
        options = {"net": "grid", "kind": "grid", "columns": {"code": "nc_id"}}
        chosen = ReadOptions(**options, accept=frozenset({"overlaps", "mends"}))
        (layer,) = read(folder / "la_neighborhood_councils_2019.fgb", "areas", chosen)
        with transaction(store.owner, PERSON) as conn:
            imports.commit_areas(conn, layer.frame, imports.open_batch(conn, "areas"))
        told = [_ticket(row) for row in record.to_dict("records")]
        with served("ours", home, 1) as (port, _):
            asked = [request("POST", "/api/issues", json.dumps(one).encode()) for one in told]
            answers, seconds = asyncio.run(flood(port, asked, LINES))
        said("tickets of Los Angeles, 2017", answers, seconds)
        _compared(store, record, answers)
        store.close()


def _ticket(row: dict[str, str]) -> dict[str, object]:
    told: dict[str, object] = {"source": "web", "reference": row["SRNumber"]}
    lon, lat = (pd.to_numeric(row[name], errors="coerce") for name in ("Longitude", "Latitude"))
    if np.isfinite(lon) and np.isfinite(lat):
        told |= {"lon": float(lon), "lat": float(lat), "datum": "wgs84"}
    text_ = row["RequestType"]
    return told | {"text": text_ if isinstance(text_, str) else ""}


def _compared(store: Store, record: pd.DataFrame, answers: list[Answer]) -> None:
    kept = pd.DataFrame([json.loads(a.body) for a in answers if a.status < HTTPStatus.BAD_REQUEST])
    with transaction(store.owner, PERSON) as conn:
        rows = conn.execute(text("select reference, grid, geom is not null from issue")).all()
    found = pd.DataFrame(rows, columns=["SRNumber", "grid", "placed"]).set_index("SRNumber")
    official = record.drop_duplicates("SRNumber").set_index("SRNumber")["NC"].reindex(found.index)
    both = official.notna() & found["placed"]
    same = (found["grid"] == official)[both]
    print(f"{len(record)} handed in, {len(kept)} answered, {len(found)} kept")
    print(f"council as in the record: {same.sum()} of {both.sum()} ({same.mean():.2%})")


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path)
    options.add_argument("--size", default="medium")
    options.add_argument("--calls", type=int, default=230_000)
    options.add_argument("--minutes", type=float)
    options.add_argument("--eight-hours", action="store_true")
    options.add_argument("--los-angeles", type=Path)
    asked = options.parse_args()
    if asked.los_angeles:
        los_angeles(asked.los_angeles)
        return
    with folder_of(asked.home) as home:
        store = filled(home, asked.size)
        if asked.eight_hours:
            with_places(store, asked.size)
            wrong = eight_hours(store, home, 60 * (asked.minutes or 3))
        else:
            a_day(store, home, asked.calls, 60 * (asked.minutes or 20))
            wrong = []
        store.close()
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
