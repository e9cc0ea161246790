"""One net for all: grids in band whose borders are, as far as may be, borders of the nets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.atoms.adjacency import Borders, adjacency
from geo.nets.disagreement import parted
from geo.nets.inputs import Given, Net, Texts
from geo.nets.keeping import kept_borders, prices
from geo.nets.loads import Pieces
from geo.nets.overlay import Overlay
from geo.redraw import Redrawn, Search, draw
from geo.redraw.inputs import Columns
from geo.redraw.state import Flags, Ints
from geo.rules import Rules

_WEIGHT: Final = "households"


class Kept(NamedTuple):
    """Borders of one net inside communities: metres, those kept, kept when none are asked for."""

    net: str
    metres: float
    kept: float
    unasked: float


@dataclass(frozen=True, eq=False)
class Proposal:
    """The new net.

    Parameters
    ----------
    drawn
        Grids, labels by piece, and the report of the redraw.
    grid
        The position in `drawn.grids` of each piece's grid.
    units
        The unit of each piece in each net: (pieces, nets).
    kept
        What became of each net's borders.
    own
        Metres of the new borders inside communities, and those that are borders of a net.
    """

    drawn: Redrawn
    grid: Ints
    units: Ints
    kept: tuple[Kept, ...]
    own: tuple[float, float]


def proposed(
    whole: Given,
    overlay: Overlay,
    pieces: Pieces,
    rules: Rules,
    how: tuple[Search, str | None],
) -> Proposal:
    """Return the net drawn on the pieces; `how` is the search and the net of today's grids."""
    search, today = how
    frame = frame_of(whole, overlay, pieces)
    units = overlay.units[pieces.atom]
    if today is not None:
        net = whole.names.index(today)
        frame["previous"] = codes_of(whole.nets[net], units[:, net], None)
    within = "within" if len(whole.towns.polygons) else None
    columns = Columns(_WEIGHT, within, "estate", "previous" if today is not None else None)
    lines = kept_borders(whole, overlay, frame, rules)
    drawn = draw(frame, columns, prices(rules), search, lines)
    unasked = draw(frame, columns, rules, search)
    borders = _inner(adjacency(pieces.polygons), overlay.home[pieces.atom])
    grid, other = grid_of(drawn), grid_of(unasked)
    return Proposal(drawn, grid, units, *_kept(whole, units, borders, (grid, other)))


def grid_of(drawn: Redrawn) -> Ints:
    """Return the position in `grids` of each atom's grid."""
    return np.asarray(drawn.grids["code"].searchsorted(drawn.labels), np.int64)


def frame_of(whole: Given, overlay: Overlay, pieces: Pieces) -> gpd.GeoDataFrame:
    """Return the pieces as atoms of a redraw: `atom`, `within`, `rule`, `estate`, households."""
    home = overlay.home[pieces.atom]
    within = whole.towns.codes[home]
    number = pd.Series(within).groupby(within).cumcount() + 1
    prefix = np.where(within == "", "", within + "-")
    return gpd.GeoDataFrame(
        {
            "atom": prefix + number.astype("str").str.zfill(4).to_numpy(dtype=object),
            "within": within,
            "rule": np.asarray(whole.towns.rules, dtype=object)[home],
            "estate": pieces.estate,
            _WEIGHT: pieces.households,
        },
        geometry=pieces.polygons,
        crs=whole.crs,
    )


def codes_of(net: Net, unit: Ints, missing: str | None) -> Texts:
    """Return the code of each unit by position, something else where there is none."""
    return np.asarray(np.r_[net.codes, [missing]][unit], dtype=object)


def _inner(borders: Borders, home: Ints) -> Borders:
    return borders.where(home[borders.left] == home[borders.right])


def _kept(
    whole: Given, units: Ints, borders: Borders, grids: tuple[Ints, Ints]
) -> tuple[tuple[Kept, ...], tuple[float, float]]:
    """Return what became of borders, and how much of the new ones are old ones."""
    own = parted(units, borders.left, borders.right)
    new, unasked = (grid[borders.left] != grid[borders.right] for grid in grids)
    metres = borders.metres

    def length(mask: Flags) -> float:
        return float(metres[mask].sum())

    kept = tuple(
        Kept(name, length(own[:, n]), length(own[:, n] & new), length(own[:, n] & unasked))
        for n, name in enumerate(whole.names)
    )
    return kept, (length(new), length(new & own.any(axis=1)))
