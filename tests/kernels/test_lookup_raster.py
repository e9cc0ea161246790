"""The raster and the tree give every point the same owner: on edges, corners, and beside them."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, affinity, box

from geo.lookup import jit, raster, search, tree
from geo.lookup.coverage import Coverage

few = settings(
    deadline=None,
    max_examples=4 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 25,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
Shapes = list[Polygon | MultiPolygon]
coordinate = st.integers(0, 24).map(lambda n: 117 + n / 8)
seeds = st.integers(0, 2**32 - 1)


def covering(shapes: Shapes) -> Coverage:
    """Return shapes as they come: each owns points before the next."""
    held = np.empty(len(shapes), object)
    held[:] = shapes
    codes = np.array([f"{i:03}" for i in range(len(shapes))], object)
    return Coverage(codes, np.zeros(len(shapes), bool), held)


def telling(shapes: Shapes) -> NDArray[np.float64]:
    """Return vertices, middles of edges, their neighbours by one float and by 1e-12, and more."""
    corners = shapely.get_coordinates(shapes)
    middles = (corners[1:] + corners[:-1]) / 2
    both = np.vstack([corners, middles, shapely.get_coordinates(shapely.point_on_surface(shapes))])
    steps = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1)]
    near = [np.nextafter(both, both + step) for step in steps]
    wide = [both + np.multiply(step, 1e-12) for step in steps[1:]]
    return np.vstack([*near, *wide, corners + 0.0371])


def check_twins(shapes: Shapes) -> None:
    grids, points = covering(shapes), telling(shapes)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    index = raster.draw(grids).raster
    found = raster.owners(index, x, y)
    assert found.tolist() == tree.owners(grids, x, y).tolist()
    for i in range(0, len(x), 17):
        assert search.position(float(x[i]), float(y[i]), index) == found[i]


@few
@given(st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=1, max_size=6))
def test_overlapping_boxes_have_the_first_owner(boxes: list[tuple[float, ...]]) -> None:
    shapes = [box(a, b, c + 0.25, d + 0.125) for a, b, c, d in boxes if c + 0.25 > a and d >= b]
    if shapes:
        check_twins(shapes)


@few
@given(seeds, st.integers(1, 4))
def test_a_warped_lattice_is_divided_as_the_tree_divides_it(seed: int, side: int) -> None:
    wobble = np.random.default_rng(seed).uniform(-0.4, 0.4, (side + 1, side + 1, 2))
    nodes = np.moveaxis(np.mgrid[: side + 1, : side + 1], 0, 2) + wobble
    nodes = nodes * 0.003 + [117.0, 36.6]
    rings = [(nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1])
             for i in range(side) for j in range(side)]  # fmt: skip
    check_twins([shape for shape in map(Polygon, rings) if shape.is_valid])


@few
@given(seeds)
def test_most_borders_are_bends_and_part_points_beside_them_exactly(seed: int) -> None:
    source = np.random.default_rng(seed)
    nodes = np.moveaxis(np.mgrid[:4, :4], 0, 2) + source.uniform(-0.3, 0.3, (4, 4, 2))
    nodes = nodes * 0.003 + [117.0, 36.6]
    rings = [[nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]]
             for i in range(3) for j in range(3)]  # fmt: skip
    shapes = [shape for shape in map(Polygon, rings) if shape.is_valid]
    index = raster.draw(covering(shapes)).raster
    assert (index.cells <= search.FIRST_BEND).sum() > 2 * (
        index.cells <= search.FIRST_LIST
    ).sum() / 3
    corners = shapely.get_coordinates(shapes)
    along = source.uniform(0, 1, (20, len(corners) - 1, 1))
    on = (corners[:-1] + (corners[1:] - corners[:-1]) * along).reshape(-1, 2)
    x, y = np.vstack([on, np.nextafter(on, on + source.choice([-1, 1], on.shape))]).T.copy()
    assert raster.owners(index, x, y).tolist() == tree.owners(covering(shapes), x, y).tolist()


@few
@given(seeds)
def test_stars_with_holes_and_islands_are_searched_exactly(seed: int) -> None:
    source = np.random.default_rng(seed)
    shapes = [star(source) for _ in range(4)]
    holed = [shape.difference(shape.centroid.buffer(0.02, 2)) for shape in shapes]
    island = shapely.union_all([holed[0], box(120, 36, 120.1, 36.1)])
    check_twins([*holed[1:], island, shapely.union_all(holed)])


def star(source: np.random.Generator) -> Polygon:
    turns = np.sort(source.uniform(0, 2 * np.pi, 11))
    reach = source.uniform(0.04, 0.2, 11)
    middle = source.uniform((117, 36), (117.3, 36.3))
    shape = Polygon(np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None] + middle)
    return shape if shape.is_valid else shape.convex_hull


@few
@given(seeds, st.integers(2, 5))
def test_edits_drawn_into_the_raster_are_as_good_as_a_raster_drawn_anew(
    seed: int, side: int
) -> None:
    source = np.random.default_rng(seed)
    shapes = [box(i, j, i + 1, j + 1) for i in range(side) for j in range(side)]
    canvas = raster.draw(covering(shapes))
    for _ in range(12):
        changed = source.choice(len(shapes), source.integers(1, 3), replace=False)
        for k in changed:
            shapes[k] = moved_about(shapes[k], side, source)
        grids = covering(shapes)
        new = grids.shapes[changed]
        canvas = raster.patched(canvas, new, changed.astype(np.intp)) or raster.draw(grids)
        points = telling(shapes)
        x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        assert raster.owners(canvas.raster, x, y).tolist() == tree.owners(grids, x, y).tolist()


def moved_about(shape: Polygon, side: int, source: np.random.Generator) -> Polygon:
    """Return another shape near one, inside the square of that side."""
    middle = np.clip(np.array(shape.centroid.coords[0]) + source.normal(0, 0.3, 2), 0.1, side - 0.1)
    around = star(source).normalize()
    small = affinity.scale(around, 8, 8, origin="centroid")
    placed = shapely.transform(small, lambda at: at - at.mean(axis=0) + middle)
    inside = placed.intersection(box(0, 0, side, side))
    return inside if isinstance(inside, Polygon) and inside.area else shape


def test_an_edit_beyond_the_raster_or_its_room_asks_for_another() -> None:
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    canvas = raster.draw(covering(shapes))
    far, near = (covering([shape]).shapes for shape in (box(1, 0, 3, 1), shapes[1]))
    assert raster.patched(canvas, far, np.array([1])) is None
    full = canvas._replace(used=(len(canvas.raster.lists), *canvas.used[1:]))
    assert raster.patched(full, near, np.array([1])) is None
    no_edges = canvas._replace(used=(canvas.used[0], len(canvas.raster.edges), canvas.used[2]))
    assert raster.patched(no_edges, near, np.array([1])) is None


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 1, 1)],
        [box(0, 0, 1e-10, 1e-10)],
        [box(-180, -90, 180, 90), box(0, 0, 1e-5, 1e-5)],
        [Polygon([(0, 0), (1, 1e-13), (1, 2e-13), (0, 1e-13)]), box(0, 0, 1, 1)],  # a needle
        [Polygon([(0, 0), (0, 0), (1, 0), (1, 0), (1, 1), (0.5, 1), (0, 1)])],  # repeated points
        [Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 3), (3, 3), (3, 1)]])] * 2,
        [
            MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]),
            box(0, 0, 2, 2),
        ],  # parts meet in a point
        [Polygon([(0, 0), (1, 0.1), (2, 0), (1, 3)]), Polygon([(0, 0), (1, 0.1), (2, 0), (1, -3)])],
    ],
)
def test_shapes_that_have_misled_others_do_not_mislead_the_raster(shapes: Shapes) -> None:
    check_twins(shapes)


def test_a_point_off_a_long_edge_by_less_than_a_rounding_is_told_apart() -> None:
    # The line y = x / 3 passes no float exactly there; the determinant's sign is all there is.
    shape = Polygon([(0, 0), (3, 1), (3, -1)])
    x = np.linspace(0.1, 2.9, 500)
    y = np.concatenate([np.nextafter(x / 3, 9), x / 3, np.nextafter(x / 3, -9)])
    grids = covering([shape])
    found = raster.owners(raster.draw(grids).raster, np.tile(x, 3), y)
    assert found.tolist() == tree.owners(grids, np.tile(x, 3), y).tolist()
    assert set(found.tolist()) == {-1, 0}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324])
def test_a_point_that_is_nowhere_has_no_owner(value: float) -> None:
    index = raster.draw(covering([box(1, 1, 2, 2)])).raster
    x, y = np.array([value, 1.5, value]), np.array([1.5, value, value])
    assert raster.owners(index, x, y).tolist() == [-1, -1, -1]
    assert search.position(value, 1.5, index) == -1


def test_a_raster_over_nothing_owns_nothing() -> None:
    index = raster.draw(covering([])).raster
    assert raster.owners(index, np.array([0.0, 1.0]), np.array([0.0, 1.0])).tolist() == [-1, -1]


def test_long_batches_are_shared_among_threads_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "WORTH_THREADS", 10)
    grids = covering([box(i, 0, i + 1, 1) for i in range(7)])
    x = np.linspace(-1, 9, 101)
    y = np.full(101, 0.5)
    assert (
        raster.owners(raster.draw(grids).raster, x, y).tolist() == tree.owners(grids, x, y).tolist()
    )


def test_where_nothing_can_be_kept_kernels_are_compiled_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses_to_keep(*, cache: bool = False, **_: object) -> Callable[[object], object]:
        if cache:
            raise RuntimeError
        return lambda function: function

    monkeypatch.setattr(jit, "njit", refuses_to_keep)
    assert jit.kernel(abs)(-2) == 2
