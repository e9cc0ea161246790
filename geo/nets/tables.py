"""The tables of a merger: who disagrees about what, and which unit goes into which grid."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.atoms.coverage import dissolve
from geo.nets.disagreement import Pair
from geo.nets.inputs import Given, Texts
from geo.nets.overlay import Overlay
from geo.nets.pieces import Pieces
from geo.nets.proposal import Proposal, codes_of
from geo.redraw.state import Ints

# Columns of the table a department gets, with what stands over them.
TABLE_COLUMNS: Final = {
    "unit": "原单元编码",
    "name": "原单元名称",
    "grid": "新网格",
    "households": "户数",
    "share_of_unit": "占原单元户数",
    "share_of_grid": "占新网格户数",
    "area": "面积(平方米)",
    "area_of_unit": "占原单元面积",
    "area_of_grid": "占新网格面积",
    "grids": "原单元分入网格数",
}
CONFLICT_COLUMNS: Final = {
    "net_a": "部门甲",
    "unit_a": "甲单元编码",
    "name_a": "甲单元名称",
    "net_b": "部门乙",
    "unit_b": "乙单元编码",
    "name_b": "乙单元名称",
    "households": "户数",
    "area": "面积(平方米)",
}
_PLACES: Final = 6  # of a share
_DECIMETRES: Final = 1  # figures of ground are rounded so


def matrix(whole: Given, pairs: tuple[Pair, ...]) -> pd.DataFrame:
    """Return a row for each two nets.

    `net_a`, `net_b`; of households and of area (m², prefix `area_`): `both` (in a unit of each),
    `agreed`, `conflict`, `conflict_share` (of both), `only_a`, `only_b`; `borders_a`, `borders_b`:
    share of the one's inner borders that are the other's too; `proven`: no grouping of the units
    agrees about more households.
    """
    return pd.DataFrame([_matrix_row(whole, pair) for pair in pairs])


def _matrix_row(whole: Given, pair: Pair) -> dict[str, object]:
    row: dict[str, object] = {
        "net_a": whole.names[pair.first],
        "net_b": whole.names[pair.second],
    }
    for number, (measure, prefix) in enumerate((("households", ""), ("area", "area_"))):
        both = pair.total(measure)
        conflict = pair.total(measure, agreed=False)
        row |= {
            f"{prefix}both": both,
            f"{prefix}agreed": pair.total(measure, agreed=True),
            f"{prefix}conflict": conflict,
            f"{prefix}conflict_share": conflict / both if both > 0 else 0.0,
            f"{prefix}only_a": pair.only[0][number],
            f"{prefix}only_b": pair.only[1][number],
        }
    borders = {"borders_a": pair.borders[0], "borders_b": pair.borders[1]}
    return row | borders | {"proven": pair.proven}


def conflicts(whole: Given, overlay: Overlay, pairs: tuple[Pair, ...]) -> gpd.GeoDataFrame:
    """Return where two nets disagree: a row for two units, with its ground, the worst first.

    Columns of `CONFLICT_COLUMNS`, and geometry in the plane of the nets.
    """
    parts = [_conflicts(whole, overlay, pair) for pair in pairs]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=whole.crs)
    order = ["households", "area", "net_a", "unit_a", "net_b", "unit_b"]
    rising = [False, False, True, True, True, True]
    return frame.sort_values(order, ascending=rising, ignore_index=True)


def _conflicts(whole: Given, overlay: Overlay, pair: Pair) -> gpd.GeoDataFrame:
    rows = pair.overlaps.loc[~pair.overlaps["agreed"]]
    table = pd.DataFrame(index=range(len(rows)))
    for side, position, letter in (("a", pair.first, "a"), ("b", pair.second, "b")):
        net = whole.nets[position]
        unit = rows[side].to_numpy(np.int64)
        table[f"net_{letter}"] = net.name
        table[f"unit_{letter}"] = net.codes[unit]
        table[f"name_{letter}"] = net.titles[unit]
    table["households"] = whole_numbers(rows["households"]).to_numpy()
    table["area"] = rows["area"].round(_DECIMETRES).to_numpy()
    number = np.full(len(pair.overlaps) + 1, -1, np.int64)  # the last is for atoms of one net only
    number[rows.index] = np.arange(len(rows))
    mine = number[pair.atom]
    shapes = dissolve(overlay.polygons[mine >= 0], mine[mine >= 0], len(rows))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=whole.crs)


def unit_tables(whole: Given, pieces: Pieces, proposal: Proposal) -> dict[str, pd.DataFrame]:
    """Return for each net the table from its units to the new grids, by unit, then by share.

    Columns of `TABLE_COLUMNS`. Shares are of the unit's, and of the grid's, households and ground:
    so the rows of one grid tell what it is made of. A missing unit (empty) is ground the net left
    out.
    """
    grids = proposal.drawn.grids["code"].to_numpy(dtype=object)
    return {
        net.name: _unit_table(
            codes_of(net, proposal.units[:, n], ""),
            codes_of_titles(net.titles, proposal.units[:, n]),
            grids[proposal.grid],
            pieces,
        )
        for n, net in enumerate(whole.nets)
    }


def codes_of_titles(titles: Texts, unit: Ints) -> Texts:
    """Return the name of each unit by position, empty where there is none."""
    return np.asarray(np.r_[titles, [""]][unit], dtype=object)


def _unit_table(unit: Texts, name: Texts, grid: Texts, pieces: Pieces) -> pd.DataFrame:
    parts = pd.DataFrame(
        {
            "unit": unit,
            "name": name,
            "grid": grid,
            "households": pieces.households,
            "area": shapely.area(pieces.polygons),
        }
    )
    table = parts.groupby(["unit", "name", "grid"], as_index=False).sum()
    for measure, prefix in (("households", "share"), ("area", "area")):
        for side in ("unit", "grid"):
            total = table.groupby(side)[measure].transform("sum")
            share = (table[measure] / total.where(total > 0)).fillna(0.0)
            table[f"{prefix}_of_{side}"] = share.round(_PLACES)
    table["area"] = table["area"].round(_DECIMETRES)
    table["households"] = whole_numbers(table["households"])
    table["grids"] = table.groupby("unit")["grid"].transform("size")
    order = ["unit", "households", "area", "grid"]
    table = table.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    return table[list(TABLE_COLUMNS)]


def whole_numbers(values: pd.Series) -> pd.Series:
    """Return figures as whole numbers where they all are."""
    return values.astype("int64") if (values % 1 == 0).all() else values
