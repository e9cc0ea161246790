"""How much of the borders that a plan may choose runs along roads, rivers, rails and walls."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geo.atoms import metres_per_unit
from geo.atoms.adjacency import borders_of
from geo.atoms.along import Reach, along, lines_of
from geo.atoms.coverage import covered
from geo.redraw.barriers import read_barriers
from geo.redraw.inputs import SMOOTH, in_metres
from geo.rules import BarrierRules


def share_along(
    grids: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, rules: BarrierRules
) -> float | None:
    """Return the share of the borders between grids of one community that runs along lines.

    Measured as the redraw does of its own plans; None where no two grids share a border.

    Parameters
    ----------
    grids
        By the contract AREAS, in any CRS; `parent` is the community.
    lines
        Roads, rivers, rails, estates for their walls, as `geo.redraw.barriers.read_barriers`.

    Raises
    ------
    OverlapError
        When grids overlap by more than rounding.
    """
    if len(grids) < 2:  # noqa: PLR2004 one has no neighbour
        return None
    scale = metres_per_unit(grids)
    polygons, edges = covered(grids.geometry.to_numpy(), scale)
    borders = borders_of(edges, scale, len(polygons))
    home = grids["parent"].to_numpy()
    borders = borders.where((home[borders.left] == home[borders.right]) & (borders.metres > 0))
    whole = float(borders.metres.sum())
    if not whole:
        return None
    barriers = read_barriers(lines, grids, rules)
    shapes = in_metres(np.asarray(barriers.lines.geometry.to_numpy()), scale)
    straight = lines_of(shapes, barriers.worth, rules.reach / SMOOTH, rules.reach)
    reach = Reach(rules.reach, rules.parallel)
    return float(along(edges, borders, scale, straight, reach).metres.sum()) / whole
