"""A grid on paper: it, what lies beside it, roads by name, numbered buildings, as one drawing.

Plain SVG with attributes alone (no styles, no scripts): it prints as sharp as the printer is, and
stands under any policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from maps.numbering import Reals, Spot, spots
from maps.palette import INTERFACE
from maps.site_names import SIZE, Name, along, boxes, placed

WIDTH, HEIGHT = 720, 440
_ROOM: Final = 34  # units left around the grid
_BEYOND: Final = 30  # units past the edge, where what is cut off is cut
_METRES_PER_DEGREE: Final = 111_320.0
_LEAST_DEGREES: Final = 1e-5
_NICE_METRES: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LONGEST_BAR: Final = 160
_SHORTEST_NAMED: Final = 70  # units of a road in view, for its name to stand along it
_SMALLEST_NAMED: Final = 1500  # square units of a neighbour in view
_CORNERS: Final = ((0, HEIGHT - 36, 16 + _LONGEST_BAR, HEIGHT), (WIDTH - 36, 8, WIDTH - 12, 56))
_INK: Final = INTERFACE["ink"][0]
_PRIMARY: Final = INTERFACE["primary"][0]
_GROUND: Final = {
    "water": ("#BFD8E6", 2.0),
    "green": ("#D9E5CF", 0.0),
    "rail": ("#A9A49A", 1.5),
    "road": ("#CFC9BD", 3.0),
}


Mark: TypeAlias = tuple[str, float, float]  # a letter, and the lon and lat it stands at


class Frame(NamedTuple):
    """From degrees to the drawing: `x = (lon - west) * across`, `y = (north - lat) * down`."""

    west: float
    north: float
    across: float
    down: float

    def placed(self, shape: Any) -> Any:  # noqa: ANN401 a shape or an array of shapes
        """Return shapes in units of the drawing, cut a little beyond its edge."""

        def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
            x = (points[:, 0] - self.west) * self.across
            y = (self.north - points[:, 1]) * self.down
            return np.stack([x, y], axis=1)

        drawn = shapely.transform(shape, moved)
        return shapely.clip_by_rect(drawn, -_BEYOND, -_BEYOND, WIDTH + _BEYOND, HEIGHT + _BEYOND)


def site_plan(
    grid: shapely.Geometry,
    beside: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    title: str,
    marks: Sequence[Mark] = (),
) -> tuple[str, list[int]]:
    """Return the drawing of one grid as SVG, and the numbers for which it had no room.

    Shapes in EPSG:4326.

    Parameters
    ----------
    beside
        Other grids: `name`.
    ground
        Roads, rails, water, green: `kind`, `name`.
    buildings
        Points, in the order of the list they are numbered by.
    title
        What the drawing shows, for who cannot see it.
    marks
        Letters on places of their own: the letter, lon, lat.
    """
    frame = _frame(grid)
    at = shapely.get_coordinates(frame.placed(buildings.geometry.to_numpy()))
    names = _named(frame, beside, ground, marks)
    stand = _stand(frame, at, marks, names)
    parts = [
        *_ground(frame, ground),
        *_neighbours(frame, beside),
        _path(frame.placed(grid), f'fill="{_PRIMARY}" fill-opacity=".1" stroke="{_PRIMARY}" '
              'stroke-width="3.2" stroke-linejoin="round"'),
        *[_words(each.x, each.y, each.text, size=SIZE, turn=each.turn) for each in names],
        *_numbers(at, stand),
        *_marks(frame, marks),
        _scale(frame),
        _north(),
    ]  # fmt: skip
    drawn = (
        f'<svg class="site" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
    return drawn, [number for number, spot in enumerate(stand, 1) if spot is None]


def _frame(grid: shapely.Geometry) -> Frame:
    west, south, east, north = shapely.bounds(grid)
    lean = float(np.cos(np.radians((south + north) / 2)))
    wide, tall = max(east - west, _LEAST_DEGREES) * lean, max(north - south, _LEAST_DEGREES)
    down = min((WIDTH - 2 * _ROOM) / wide, (HEIGHT - 2 * _ROOM) / tall)
    across = down * lean
    left = (west + east) / 2 - WIDTH / 2 / across
    return Frame(left, (south + north) / 2 + HEIGHT / 2 / down, across, down)


def _path(shape: shapely.Geometry, attributes: str) -> str:
    flat = shapely.get_dimensions(shape) == 2  # noqa: PLR2004 polygons have two dimensions
    lines = [
        line
        for part in shapely.get_parts(shape)
        for line in (shapely.get_rings(part) if shapely.get_type_id(part) == _POLYGON else [part])
    ]
    ways = [_way(line) for line in lines if len(shapely.get_coordinates(line)) > 1]
    fill = "" if flat else 'fill="none" '
    return f'<path d="{"".join(ways)}" {fill}fill-rule="evenodd" {attributes}/>' if ways else ""


_POLYGON: Final = 3


def _way(line: shapely.Geometry) -> str:
    points = " ".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))
    return f"M{points}"


def _ground(frame: Frame, ground: gpd.GeoDataFrame) -> list[str]:
    flat = shapely.get_dimensions(ground.geometry.to_numpy()) == 2  # noqa: PLR2004 as above
    order = np.argsort(~flat, kind="stable")  # roads over what they cross
    drawn = []
    for kind, shape in zip(
        ground["kind"].to_numpy()[order], frame.placed(ground.geometry.to_numpy())[order],
        strict=True,
    ):  # fmt: skip
        colour, width = _GROUND.get(kind, _GROUND["road"])
        fill = f'fill="{colour}" ' if shapely.get_dimensions(shape) == 2 else ""  # noqa: PLR2004
        drawn.append(_path(shape, f'{fill}stroke="{colour}" stroke-width="{width}"'))
    return drawn


def _neighbours(frame: Frame, beside: gpd.GeoDataFrame) -> list[str]:
    return [
        _path(shape, f'fill="none" stroke="{_INK}" stroke-width="1.1" stroke-dasharray="5 4"')
        for shape in frame.placed(beside.geometry.to_numpy())
    ]


def _named(
    frame: Frame, beside: gpd.GeoDataFrame, ground: gpd.GeoDataFrame, marks: Sequence[Mark]
) -> list[Name]:
    """Return the names of what lies beside it, then of roads, clear of scale, arrow and marks."""
    spot = shapely.get_coordinates(frame.placed(_mark_points(marks)))
    kept = [shapely.box(*corner) for corner in (*_CORNERS, *_around(spot))]
    room = shapely.difference(shapely.box(0, 0, WIDTH, HEIGHT), shapely.union_all(kept))
    return placed([*_beside_names(frame, beside), *_road_names(frame, ground)], room)


def _beside_names(frame: Frame, beside: gpd.GeoDataFrame) -> list[list[Name]]:
    """Return the names of neighbours, the largest in view first, each within its own ground."""
    shapes = frame.placed(beside.geometry.to_numpy())
    seen = shapely.clip_by_rect(shapes, 30, 12, WIDTH - 30, HEIGHT - 30)
    order = np.argsort(-shapely.area(seen), kind="stable")
    large = [n for n in order if seen[n].area > _SMALLEST_NAMED]
    names = beside["name"].to_numpy(object)
    return [[Name(str(names[n]), p.x, p.y) for p in _inside(seen[n])] for n in large]


def _inside(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return places within a shape for its name: in its middle, above it, below it."""
    west, south, east, north = shape.bounds
    parts = [shape, *(shapely.clip_by_rect(shape, west, low, east, low + (north - south) / 3)
                      for low in (south, north - (north - south) / 3))]  # fmt: skip
    return [shapely.point_on_surface(part) for part in parts if part.area > 0]


def _road_names(frame: Frame, ground: gpd.GeoDataFrame) -> list[list[Name]]:
    """Return the names of lines, once each, along the longest stretch in view."""
    named = ground[ground["name"].fillna("").str.strip() != ""]
    shapes = shapely.clip_by_rect(frame.placed(named.geometry.to_numpy()), 0, 0, WIDTH, HEIGHT)
    parts, row = shapely.get_parts(shapes, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    longest = np.argsort(-shapely.length(parts), kind="stable")
    kept = [n for n in longest if lines[n] and parts[n].length > _SHORTEST_NAMED]
    names = named["name"].to_numpy(object)[row]
    first: dict[str, shapely.Geometry] = {}
    for n in kept:
        first.setdefault(str(names[n]), parts[n])
    return [along(name, line) for name, line in first.items()]


def _numbers(at: Reals, stand: Sequence[Spot | None]) -> list[str]:
    """Return dots, lines to numbers that stand apart, then the numbers over them."""
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{_INK}"/>' for x, y in at]
    led = [
        f'<path d="M{x:.1f} {y:.1f}L{spot.x:.1f} {spot.y:.1f}" stroke="{_INK}" stroke-width=".5"/>'
        for (x, y), spot in zip(at, stand, strict=True)
        if spot is not None and spot.led
    ]
    numbers = [
        _words(spot.x, spot.y, str(number), size=9)
        for number, spot in enumerate(stand, 1)
        if spot is not None
    ]
    return [*led, *dots, *numbers]


def _stand(
    frame: Frame, at: Reals, marks: Sequence[Mark], names: Sequence[Name]
) -> list[Spot | None]:
    """Return where the numbers of buildings stand: clear of marks, names, scale and arrow."""
    spot = shapely.get_coordinates(frame.placed(_mark_points(marks)))
    taken = [*_around(spot), *_CORNERS, *boxes(names)]
    return spots(at, (0, 0, WIDTH, HEIGHT), taken)


def _around(spot: Reals) -> list[list[float]]:
    """Return the boxes of marks."""
    found: list[list[float]] = np.concatenate([spot - 10, spot + 10], axis=1).tolist()
    return found


def _marks(frame: Frame, marks: Sequence[Mark]) -> list[str]:
    at = shapely.get_coordinates(frame.placed(_mark_points(marks)))
    return [
        f'<rect x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" rx="3" fill="{_PRIMARY}" '
        f'stroke="#fff" stroke-width="1.5"/><text x="{x:.1f}" y="{y + 1:.1f}" font-size="12" '
        f'text-anchor="middle" dominant-baseline="middle" fill="#fff">{escape(letter)}</text>'
        for (letter, _, _), (x, y) in zip(marks, at, strict=True)
    ]


def _mark_points(marks: Sequence[Mark]) -> NDArray[np.object_]:
    return np.asarray(shapely.points([mark[1:] for mark in marks] or np.empty((0, 2))), object)


def _words(x: float, y: float, words: str, *, size: int, turn: float = 0.0) -> str:
    turned = f' transform="rotate({turn:.0f} {x:.1f} {y:.1f})"' if turn else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="middle" fill="{_INK}" stroke="#fff" stroke-width="2.6" '
        f'paint-order="stroke"{turned}>{escape(words)}</text>'
    )


def _scale(frame: Frame) -> str:
    unit = frame.down / _METRES_PER_DEGREE  # of the drawing, a metre
    fits = [metres for metres in _NICE_METRES if metres * unit <= _LONGEST_BAR]
    metres = fits[-1] if fits else _NICE_METRES[0]
    wide, y = metres * unit, HEIGHT - 14
    return (
        f'<path d="M16 {y - 5}V{y}H{16 + wide:.1f}V{y - 5}" fill="none" stroke="{_INK}" '
        f'stroke-width="1.6"/>{_words(16 + wide / 2, y - 9, f"{metres} m", size=10)}'
    )


def _north() -> str:
    x = WIDTH - 24
    return (
        f'<path d="M{x} 14l7 22-7-6-7 6z" fill="{_INK}" stroke="#fff"/>'
        f"{_words(x, 46, 'N', size=11)}"
    )
