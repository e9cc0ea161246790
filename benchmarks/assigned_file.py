"""`jingwei assign` on a Parquet file, beside reading and writing the same file and no more.

    python -m benchmarks.assigned_file [--rows 10000000] [--repeat 3]

The peer is pyarrow alone: batch by batch in, batch by batch out, the same codec and the same size
of batches. Ours is the command whole, in a process of its own: libraries loaded, grids read, the
raster drawn. Both are told by the clock and by the processor; trust the ratios.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.lookup import EAST, NORTH, SOUTH, WEST, warped_grids

GROUP = 1_000_000
KINDS = 40
PLAIN = """
import sys, pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1])
with pq.ParquetWriter(sys.argv[2], file.schema_arrow, compression="snappy") as out:
    for batch in file.iter_batches(batch_size=262144):
        out.write_batch(batch)
"""


class Spent(NamedTuple):
    """Seconds on the clock, of the processor, and the peak of memory in megabytes."""

    clock: float
    cpu: float
    peak: float


def made(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write points with their columns, and the grids; return where."""
    points, grids = folder / "points.parquet", folder / "grids.parquet"
    warped_grids(138).rename_axis("code").reset_index().to_parquet(grids)
    draw = np.random.default_rng(3)
    kinds = pa.array([f"类别{i:02d}" for i in range(KINDS)])
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, GROUP):
        count = min(GROUP, rows - first)
        moments = 1_790_000_000_000 + draw.integers(0, 86_400_000 * 30, count)
        columns = {
            "id": np.arange(first, first + count),
            "lon": draw.uniform(WEST, EAST, count).round(7),
            "lat": draw.uniform(SOUTH, NORTH, count).round(7),
            "kind": kinds.take(pa.array(draw.integers(0, KINDS, count))),
            "reported_at": pa.array(moments).cast(pa.timestamp("ms")),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(points, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    return points, grids


def run(line: Sequence[str | Path]) -> Spent:
    """Return what a command takes."""
    started = perf_counter()
    child = subprocess.Popen(line, stderr=subprocess.DEVNULL)  # noqa: S603 our own words
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, line
    return Spent(perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def main() -> None:
    """Run both in turns and print the best of each."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--repeat", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as made_in:
        folder = Path(made_in)
        points, grids = made(folder, asked.rows)
        out = folder / "out.parquet"
        plain = [sys.executable, "-c", PLAIN, points, out]
        ours = [Path(sys.executable).parent / "jingwei", "assign", points, "--grids", grids,
                "--datum", "wgs84", "--out", out]  # fmt: skip
        pairs = [(run(plain), run(ours)) for _ in range(asked.repeat)]
    named = zip(("read and written", "jingwei assign"), zip(*pairs, strict=True), strict=True)
    best = {what: Spent(*map(min, zip(*spent, strict=True))) for what, spent in named}
    for what, spent in best.items():
        print(
            f"{what:<20}{spent.clock:8.2f} s{spent.cpu:8.2f} s cpu{spent.peak:8.0f} MB at the most"
        )
    base, mine = best.values()
    print(
        f"ratio {mine.clock / base.clock:.2f} by the clock, {mine.cpu / base.cpu:.2f} by processor"
    )


if __name__ == "__main__":
    main()
