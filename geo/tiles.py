"""What a tile shows at each zoom, and shapes made plainer for it: neighbours keep their borders.

Shapes are in web-mercator metres (EPSG:3857), as tiles are; nothing is measured in them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

MERCATOR: Final = "EPSG:3857"
WIDTH: Final = 40_075_016.685578488  # metres around the equator: one tile at zoom 0
TILE_PIXELS: Final = 256
# From this zoom on shapes are as they are; tiles go one further, and are magnified beyond.
WHOLE: Final = 15
MOST_ZOOM: Final = 16
_HALF: Final = 0.5  # of a pixel: what a border may move
_SEEN: Final = 16.0  # pixels that a road or a park has to be long to be drawn
_POLYGON: Final = 2


class Layer(NamedTuple):
    """One layer of tiles.

    `rungs`: from which zoom on which kind of area is drawn, the coarsest first: grids as their
    communities where they would be specks. `levels`: zooms for which shapes are made plainer.
    """

    name: str
    zh: str
    net: str
    rungs: tuple[tuple[int, str], ...]
    levels: tuple[int, ...]

    def kind_at(self, zoom: int) -> str:
        """Return the kind of area that is drawn at a zoom."""
        return next(kind for least, kind in reversed(self.rungs) if zoom >= least)

    def level_at(self, zoom: int) -> int:
        """Return the level whose shapes are drawn at a zoom."""
        return max((level for level in self.levels if level <= zoom), default=self.levels[0])


_ALL: Final = tuple(range(8, WHOLE + 1))
LAYERS: Final = {
    layer.name: layer
    for layer in (
        Layer("districts", "区县", "admin", ((0, "district"),), _ALL),
        Layer("subdistricts", "街道", "admin", ((0, "subdistrict"),), _ALL),
        Layer("communities", "社区", "admin", ((0, "subdistrict"), (9, "community")), _ALL),
        Layer("grids", "网格", "grid", ((0, "subdistrict"), (9, "community"), (11, "grid")), _ALL),
        Layer("base", "底图", "base", ((0, "base"),), (8, 10, 12, 13, 14, WHOLE)),
    )
}
# Layers sent together, in one tile that holds them all, and from which zoom on each is in it:
# what is coloured with every border above it; the ground with its buildings.
TOGETHER: Final = {
    "areas": (("districts", 0), ("subdistricts", 9), ("communities", 11), ("grids", 0)),
    "ground": (("base", 0), ("places", 14)),
}
# Zooms below which a kind is drawn by no layer, so that no shapes are made for them.
FIRST: Final = {"district": 0, "subdistrict": 0, "community": 9, "grid": 11}


def layers_of(name: str, zoom: int) -> tuple[str, ...]:
    """Return the layers that a tile holds: one, or those that are sent together.

    >>> layers_of("areas", 9), layers_of("grids", 9)
    (('districts', 'subdistricts', 'grids'), ('grids',))
    """
    held = TOGETHER.get(name, ((name, 0),))
    return tuple(layer for layer, first in held if zoom >= first)


def levels_of(kind: str) -> tuple[int, ...]:
    """Return the levels for which shapes of a kind of area are made.

    >>> levels_of("grid")
    (11, 12, 13, 14, 15)
    """
    return tuple(level for level in _ALL if level >= FIRST[kind])


def pixel(zoom: int) -> float:
    """Return how long a pixel is at a zoom, in metres of EPSG:3857.

    >>> round(pixel(9), 1)
    305.7
    """
    return WIDTH / TILE_PIXELS / (1 << zoom)


def in_mercator(shapes: gpd.GeoSeries) -> Shapes:
    """Return shapes (EPSG:4326) in EPSG:3857: vertex by vertex, so that neighbours still share."""
    return np.asarray(shapes.to_crs(MERCATOR).to_numpy(), dtype=object)


def plainer_areas(shapes: Shapes, level: int) -> Shapes:
    """Return areas of one kind for a level, simplified as a coverage by half a pixel.

    Neighbours share their border afterwards as they did before, and none is gone.

    >>> west, east = shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)
    >>> bool(shapely.coverage_is_valid(plainer_areas(np.array([west, east]), 14)))
    True
    """
    if level >= WHOLE or not len(shapes):
        return shapes
    plain = shapes.copy()
    polygonal = shapely.get_dimensions(shapes) == _POLYGON
    plain[polygonal] = shapely.coverage_simplify(shapes[polygonal], pixel(level) * _HALF)
    return plain


def plainer_ground(shapes: Shapes, level: int) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return roads, water and green for a level, and which are long enough to be drawn there."""
    if level >= WHOLE:
        return shapes, np.ones(len(shapes), bool)
    west, south, east, north = shapely.bounds(shapes).T
    seen = np.hypot(east - west, north - south) >= _SEEN * pixel(level)
    plain = shapely.simplify(shapes, pixel(level) * _HALF)
    return plain, seen & ~shapely.is_empty(plain)
