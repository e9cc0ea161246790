"""The laws of every plan over the command line: random cities in files of any form."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import app
from geo.errors import LockConflictError, LocksApartError
from tests.redraw.toy import town

LOW, HIGH = 60, 100
SIGNS = st.sampled_from([".", ".", ".", ".", "a", "b", "#", " "])
FORMS = ("atoms.gpkg", "atoms.parquet", "atoms.fgb", "地块.shp")


class Told(NamedTuple):
    """What a command wrote: grids, the grid of each row, the report."""

    grids: gpd.GeoDataFrame
    grid: pd.Series
    report: dict[str, Any]


@st.composite
def cities(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Atoms of two communities with estates, grids of today, locks and anchors."""
    rows = draw(st.lists(st.text(SIGNS, min_size=6, max_size=6), min_size=1, max_size=5))
    atoms = town("\n".join([*rows, "..... "]))
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    most = draw(st.sampled_from([1, 40, 150]))
    atoms["households"] = chance.integers(0, most, len(atoms))
    atoms["within"] = [f"37010200{1 + (x > 350)}" for x in atoms.centroid.x]
    atoms["grid"] = chance.choice(["A", "370102001001", ""], len(atoms))
    atoms["lock"] = (chance.random(len(atoms)) < draw(st.sampled_from([0, 0.2]))) & (
        atoms["grid"] != ""
    )
    atoms["seat"] = np.where(chance.random(len(atoms)) < 0.1, chance.choice(["P", "Q"]), None)
    return atoms.set_geometry(atoms.translate(500_000, 4_050_000))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.sampled_from(FORMS), st.sampled_from(["draft", "fast"]), st.randoms())
def test_no_plan_of_the_command_breaks_a_law_whatever_the_file(
    atoms: gpd.GeoDataFrame, form: str, quality: str, chance: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = drawn(atoms, Path(folder) / form, quality)
        if told is None:
            return
        demand_laws(atoms, told)
        shuffled = atoms.sample(frac=1, random_state=chance.randrange(1000))
        again = drawn(shuffled, Path(folder) / "again.parquet", quality)
    assert again is not None
    assert again.grid.to_dict() == told.grid.to_dict()


def drawn(atoms: gpd.GeoDataFrame, path: Path, quality: str) -> Told | None:
    """Return what the command wrote; None where it refused the locks and left nothing behind."""
    atoms.to_parquet(path) if path.suffix == ".parquet" else atoms.to_file(path)
    before = set(path.parent.iterdir())
    words = [
        "--within", "within", "--groups", "estate", "--previous", "grid", "--locked", "lock",
        "--anchors", "seat", "--band", LOW, HIGH, "--quality", quality,
        "--out", path.with_suffix(".plan.gpkg"),
    ]  # fmt: skip
    done = CliRunner().invoke(app, ["redraw", str(path), *map(str, words)])
    if done.exit_code != 0:
        assert isinstance(done.exception, LockConflictError | LocksApartError), done.output
        assert set(path.parent.iterdir()) == before
        return None
    plan = path.with_suffix(".plan.gpkg")
    rows = pyogrio.read_dataframe(plan, layer="assignment").set_index("atom")["grid"]
    report = json.loads(plan.with_suffix(".json").read_text(encoding="utf-8"))
    return Told(gpd.read_file(plan, layer="grids"), rows, report)


def demand_laws(atoms: gpd.GeoDataFrame, told: Told) -> None:
    """Hold what every plan must, from the files alone: nothing of the engine is asked."""
    rows = atoms.set_index("atom").assign(now=told.grid)
    grids = told.grids.set_index("code")
    assert sorted(told.grid.index) == sorted(atoms["atom"])
    assert set(told.grid) == set(grids.index)
    assert (rows["now"].str[:-3] == rows["within"]).all()
    assert rows["now"].str[-3:].str.fullmatch("[0-9]{3}").all()
    assert (rows.groupby("now")["households"].sum() == grids["households"]).all()
    ordinary = rows.loc[~rows["special"]]
    assert not set(ordinary["now"]) & set(rows.loc[rows["special"], "now"])
    for column in ("estate", "seat"):
        wholes = ordinary.dropna(subset=column).groupby(["within", column])
        assert all(len(set(whole["now"])) == 1 for _, whole in wholes)
    held = ordinary.loc[ordinary["lock"]].groupby("within")[["grid", "now"]]
    assert all(len(pairs.drop_duplicates()) == pairs["grid"].nunique() for _, pairs in held)
    demand_ground(rows, told)
    good = grids["households"].between(LOW, HIGH).loc[~grids["special"]]
    assert (good == grids["in_band"].loc[good.index]).all()
    towns = {row["within"]: row for row in told.report["communities"]}
    assert {name: row["in_band"] for name, row in towns.items()} == dict(
        good.groupby(good.index.str[:-3]).all()
    )
    assert all(row["status"] in ("proven", "open") and row["zh"] for row in towns.values())
    assert set(told.report["seconds"]) == {"prepare", "search", "dissolve"}


def demand_ground(rows: gpd.GeoDataFrame, told: Told) -> None:
    """Hold that grids tile the ground, each in one piece but for the bridges that are told."""
    shapes = told.grids.geometry.to_numpy()
    assert told.grids.crs == rows.crs
    assert shapely.coverage_is_valid(shapes)
    ground = shapely.area(rows.geometry.to_numpy()).sum()
    assert np.isclose(shapely.area(shapes).sum(), ground, rtol=1e-9)
    bridge = pd.Series([told.grid[b["a"]] for b in told.report["bridges"]], dtype="object")
    spare = told.grids["code"].map(bridge.value_counts()).fillna(0)
    parts = pd.Series(shapely.get_num_geometries(shapes))
    assert (parts <= 1 + spare)[~told.grids["special"].to_numpy()].all()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_table_of_shapes_is_read_in_any_encoding_and_in_the_datum_named(
    tmp_path: Path, encoding: str
) -> None:
    ground = town("33\n33").geometry.translate(500_000, 4_050_000).to_crs(4326)
    table = pd.DataFrame({"户数": 300, "社区": "历下", "WKT": ground.to_wkt(rounding_precision=9)})
    path, out = tmp_path / "blocks.csv", tmp_path / "plan.gpkg"
    table.to_csv(path, index=False, encoding=encoding)
    words = ["redraw", *map(str, (path, "--weight", "户数", "--within", "社区", "--out", out))]
    assert "could be degrees" in CliRunner().invoke(app, words).output
    assert "could be degrees" not in CliRunner().invoke(app, [*words, "--datum", "gcj02"]).output
    grids = gpd.read_file(out, layer="grids")
    assert grids["code"].tolist() == ["历下001", "历下002", "历下003", "历下004"]
    there = grids.to_crs(4548).union_all().centroid
    assert 300 < there.distance(ground.to_crs(4548).union_all().centroid) < 900
