"""One toy town drawn in letters: each sign is an atom of 100 m × 100 m."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.atoms import adjacency
from geo.redraw import Redrawn
from geo.redraw.exact.hunt import Searches
from geo.redraw.inputs import Columns

SIDE = 100.0
NO_SEARCH = Searches(lambda _labels, _home: None, lambda _choice, _nth: (None, 1.0))
CROSSING = """
.1.
2.2
.1.
"""  # where two grids of two heavy atoms each would have to cross


def town(drawing: str, households: int = 50, within: str = "370102001001") -> gpd.GeoDataFrame:
    """Return the atoms of a drawing.

    `.` is ordinary ground, a small letter an estate, `#` a special grid, a digit that many times
    100 households; a blank is nothing.
    """
    rows = drawing.strip("\n").splitlines()
    cells = [
        (sign, column, len(rows) - row)
        for row, line in enumerate(rows)
        for column, sign in enumerate(line)
        if sign != " "
    ]
    signs = [sign for sign, _, _ in cells]
    return gpd.GeoDataFrame(
        {
            "atom": [f"{sign}{i}" for i, sign in enumerate(signs)],
            "within": within,
            "households": [int(s) * 100 if s.isdigit() else households for s in signs],
            "estate": [s if s.islower() else None for s in signs],
            "special": [s == "#" for s in signs],
        },
        geometry=[
            shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for _, x, y in cells
        ],
        crs="EPSG:4548",
    )


def loads(atoms: gpd.GeoDataFrame, drawn: Redrawn) -> list[float]:
    """Return the households of the ordinary grids, ascending, counted from the atoms."""
    ordinary = ~atoms["special"].to_numpy()
    by_grid = atoms.loc[ordinary, "households"].groupby(drawn.labels[ordinary]).sum()
    return sorted(by_grid.tolist())


def broken(atoms: gpd.GeoDataFrame, drawn: Redrawn) -> int:
    """Return the pieces too many, counted from the atoms' borders and the bridges alone."""
    borders = adjacency(atoms.geometry.to_numpy())
    place = {name: i for i, name in enumerate(atoms["atom"])}
    bridge = drawn.report.bridges
    left = np.r_[borders.left, [place[a] for a in bridge["a"]]].astype(np.int64)
    right = np.r_[borders.right, [place[b] for b in bridge["b"]]].astype(np.int64)
    whole = borders._replace(left=left, right=right, metres=np.zeros(len(left)))
    label = drawn.labels.to_numpy()
    piece = whole.where(label[left] == label[right]).components(len(atoms))
    return len(np.unique(piece)) - len(set(drawn.labels))


def most_grids(drawn: Redrawn, estates: pd.Series) -> int:
    """Return the number of grids of the estate that is in most; 1 is right."""
    return int(drawn.labels.groupby(estates).nunique().max())


def of_today(
    atoms: gpd.GeoDataFrame, today: Sequence[str], *, lock: bool
) -> tuple[gpd.GeoDataFrame, Columns]:
    """Return a town with grids of today (blank: none); locked: its first atom is anchored."""
    names = [name.strip() or None for name in today[: len(atoms)]]
    atoms = atoms.assign(grid=names, seat=[names[0], *[None] * (len(atoms) - 1)])
    return atoms, Columns("households", previous="grid", anchors="seat" if lock else None)
