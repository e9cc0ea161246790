"""What is odd in the rows is said, though they are used as they are."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
from typer.testing import CliRunner

from api.cli import app
from geo.redraw import Redrawn, redraw
from geo.redraw.columns import Columns
from geo.redraw.remarks import REMARKS, remarks_ahead
from geo.rules import load_rules, one_band
from tests.redraw.toy import town

RULES = load_rules()
NORTH, SOUTH = 8, 8  # atoms of the two communities, one above the other
TOWN = """
aabb..cc
aab...ca
"""


def two_communities() -> gpd.GeoDataFrame:
    return town(TOWN).assign(within=["N"] * NORTH + ["S"] * SOUTH)


def drawn_of(atoms: gpd.GeoDataFrame) -> Redrawn:
    return redraw(
        atoms, weight="households", rules=RULES, quality="draft", within="within", groups="estate"
    )


def said(drawn: Redrawn) -> list[tuple[str, str, str]]:
    """Return what is said of rows, but for the bridges in estates that lie in pieces."""
    told = drawn.report.remarks.loc[drawn.report.remarks["kind"] != "bridges"]
    return list(told[["kind", "name", "within"]].itertuples(index=False, name=None))


def test_each_estate_across_a_border_of_communities_is_said_once_and_kept_whole_in_each() -> None:
    atoms = two_communities()
    drawn = drawn_of(atoms)
    assert said(drawn) == [
        ("estate_across", "a", "N, S"), ("estate_across", "b", "N, S"),
        ("estate_across", "c", "N, S"),
    ]  # fmt: skip
    grids = drawn.labels.groupby([atoms["estate"], atoms["within"]]).nunique()
    assert set(grids) == {1}
    told = drawn.report.remarks
    assert told["kind"][0] == "bridges"  # estate c lies in pieces in S
    assert told["rows"].tolist() == [1, 5, 3, 3]
    assert "“a”（250 户）跨社区 N, S" in told["zh"][1]
    assert "'a' (250 households) lies across communities N, S" in told["en"][1]


def test_one_name_in_communities_whose_parts_do_not_touch_is_called_a_name() -> None:
    atoms = two_communities().assign(estate=None)
    atoms.loc[[0, NORTH + 7], "estate"] = "1号院"
    assert said(drawn_of(atoms)) == [("name_in_several", "1号院", "N, S")]


def test_special_ground_and_estates_of_one_community_are_nothing_to_say() -> None:
    atoms = two_communities()
    atoms.loc[atoms["within"] == "S", "special"] = True
    assert said(drawn_of(atoms)) == []
    assert said(drawn_of(two_communities().assign(within="N"))) == []


def test_coordinates_of_no_system_are_said_to_be_metres_though_they_could_be_degrees() -> None:
    atoms = two_communities().assign(estate=None).set_crs(None, allow_override=True)
    assert said(drawn_of(atoms)) == [("metres", "", "N, S")]
    small = atoms.set_geometry(atoms.geometry.scale(0.01, 0.01, origin=(0, 0)))
    assert said(drawn_of(small)) == [("no_system", "", "N, S")]
    assert said(drawn_of(small.set_crs(4326))) == []


def test_a_name_in_many_communities_lists_the_first_few() -> None:
    atoms = town("a" * 12).assign(within=[f"{n:02d}" for n in range(12)])
    (one,) = drawn_of(atoms).report.remarks["within"]
    assert one == "00, 01, 02, 03, 04, 05, 06, 07 … +4"


def test_the_command_says_the_first_few_of_a_kind_and_the_report_all(tmp_path: Path) -> None:
    names = [chr(ord("a") + n) for n in range(14)]
    atoms = town("".join(names) + "\n" + "".join(names)).assign(within=["N"] * 14 + ["S"] * 14)
    atoms.to_file(tmp_path / "atoms.gpkg")
    words = ["--within", "within", "--groups", "estate", "--out", str(tmp_path / "plan.gpkg")]
    done = CliRunner().invoke(app, ["redraw", str(tmp_path / "atoms.gpkg"), *words])
    assert done.exit_code == 0, done.output
    assert done.output.count("跨社区") == 12
    assert "2 more like these" in done.output
    report = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert [row["name"] for row in report["remarks"]] == names


def test_communities_of_more_grids_than_three_digits_can_number_are_told_ahead() -> None:
    rows = pd.DataFrame({"w": [100.0] * 3_000, "town": ["A"] * 999 + ["B"] * 1_000 + ["C"] * 1_001})
    rows.loc[2_000:, "w"] = [1e9, *[0.0] * 999]  # one heavy atom is one grid
    atoms = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(range(3_000), [0] * 3_000))
    told = remarks_ahead(atoms, Columns("w", "town"), one_band(100, 100))
    assert told[["kind", "within", "rows"]].to_numpy().tolist() == [["many_grids_ahead", "B", 1000]]
    told = remarks_ahead(atoms.assign(special=atoms["town"] == "B"), Columns("w"), one_band(50, 60))
    assert told[["within", "rows"]].to_numpy().tolist() == [["–", 1001]]


def test_every_kind_of_remark_has_both_sentences() -> None:
    values = {"name": "x", "within": "A, B", "rows": 1, "households": 2.0}
    told = pd.DataFrame([(s.zh.format(**values), s.en.format(**values)) for s in REMARKS.values()])
    assert not told.duplicated().any()
    assert told.map(lambda text: "A, B" in text).all(axis=None)
