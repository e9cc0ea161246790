"""The same input and seed give the same files, whatever the rows' order, threads and process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from api.files.plans import write_plan
from geo.redraw import Quality, Search, draw_rows
from geo.redraw.columns import Columns
from geo.rules import one_band
from tests.redraw.toy import town

RULES = one_band(300, 500)
EVERYTHING = Columns("households", "within", "estate", "grid", "lock", "seat")
FEATURES = [
    (Columns("households", "within"), False),
    (Columns("households", "within", "estate"), True),
    (Columns("households", "within", "estate", "grid"), False),
    (EVERYTHING, True),
]


def city() -> gpd.GeoDataFrame:
    """Return three communities full of ties, an island, estates, a special grid, odd weights."""
    parts = []
    for n in range(3):
        part = town("aa......\n........\n..##....\nbb..3..c\n........\n  ......\n.", within=f"c{n}")
        part.geometry = part.geometry.translate(xoff=800.0 * n)
        parts.append(part.assign(atom=f"{n}-" + part["atom"]))
    both = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True))
    x, y = both.centroid.x, both.centroid.y
    grid = both["within"] + [
        f"{int(a // 300)}{int(b // 250):02d}" for a, b in zip(x, y, strict=True)
    ]
    return both.assign(
        households=both["households"] * 0.7,
        grid=grid.where(~both["special"], "S" + both["within"]),
        lock=np.arange(len(both)) % 17 == 0,
        seat=[name if row % 29 == 3 else None for row, name in enumerate(grid)],
    )


ATOMS = city()
ROADS = gpd.GeoDataFrame(
    {"highway": ["primary", "residential", "primary"]},
    geometry=[
        shapely.LineString(line)
        for line in ([(0, 404), (2600, 404)], [(900, 0), (900, 900)], [(1210, 0), (1195, 900)])
    ],
    crs=ATOMS.crs,
)


def files(
    atoms: gpd.GeoDataFrame,
    folder: Path,
    features: tuple[Columns, bool],
    *,
    threads: int,
    quality: Quality,
) -> tuple[dict[str, object], pd.DataFrame, bytes]:
    """Return report, table of grids with their shapes, and assignment, as written."""
    columns, roads = features
    lines = ROADS.sample(frac=1, random_state=threads) if roads else None
    drawn = draw_rows(atoms, columns, RULES, Search(5, quality, threads), lines)
    write_plan(drawn, atoms, folder / "plan.gpkg")
    return read(folder / "plan.gpkg")


def read(path: Path) -> tuple[dict[str, object], pd.DataFrame, bytes]:
    """Return what files of a plan say, without seconds, atoms by name."""
    report = json.loads(
        path.with_suffix(".json").read_text(encoding="utf-8"),
        object_hook=lambda table: {k: v for k, v in table.items() if k != "seconds"},
    )
    grids = pyogrio.read_dataframe(path, layer="grids")
    rows = pyogrio.read_dataframe(path, layer="assignment").sort_values("atom", ignore_index=True)
    return report, rows, pd.DataFrame(grids.to_wkb()).to_csv().encode()


@pytest.mark.parametrize("features", FEATURES)
def test_rows_in_another_order_and_other_threads_give_the_same_files(
    features: tuple[Columns, bool], tmp_path: Path
) -> None:
    first = files(ATOMS, tmp_path, features, threads=1, quality="fast")
    for threads in (2, 5):
        mixed = ATOMS.sample(frac=1, random_state=threads)
        report, rows, grids = files(mixed, tmp_path, features, threads=threads, quality="fast")
        assert report == first[0]
        pd.testing.assert_frame_equal(rows, first[1])
        assert grids == first[2]


def test_another_process_with_another_hash_seed_gives_the_same_files(tmp_path: Path) -> None:
    ATOMS.to_parquet(tmp_path / "atoms.parquet")
    ROADS.to_parquet(tmp_path / "roads.parquet")
    ours = files(ATOMS, tmp_path, (EVERYTHING, True), threads=2, quality="draft")
    words = [
        "redraw", tmp_path / "atoms.parquet", "--within", "within", "--band", 300, 500,
        "--groups", "estate", "--previous", "grid", "--locked", "lock", "--anchors", "seat",
        "--barriers", tmp_path / "roads.parquet", "--seed", 5, "--quality", "draft",
        "--threads", 1, "--out", tmp_path / "other.gpkg",
    ]  # fmt: skip
    code = "import sys; from api.cli import main; sys.argv[0] = 'jingwei'; main()"
    subprocess.run(  # noqa: S603 our own command
        [sys.executable, "-c", code, *map(str, words)],
        env=os.environ | {"PYTHONHASHSEED": "4242"},
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
    report, rows, grids = read(tmp_path / "other.gpkg")
    assert report == ours[0]
    pd.testing.assert_frame_equal(rows, ours[1])
    assert grids == ours[2]
