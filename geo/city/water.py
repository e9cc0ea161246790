"""Water and railway as smooth shapes of the base map, in stored coordinates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from geo.city.noise import Bools, Ints, Reals, noise, stream
from geo.city.site import Site


class Feature(NamedTuple):
    """One shape of the base map."""

    kind: str
    shape: str  # river, lake, pond, rail: the contract's `class`
    name: str
    geometry: object


def features(site: Site, ponds: Ints, seed: int) -> list[Feature]:
    """Return rivers, the lake, ponds in the given parcels, and the railway."""
    found = [
        _river(site, number, run, seed)
        for number in range(len(site.size.rivers))
        for run in _runs(_beside(site, site.mesh.rivers[number]))
    ]
    if site.lake >= 0:
        block = site.blocks.take(np.array([site.lake]))
        found.append(Feature("water", "lake", "大明湖", _oval(site, tuple(block), 0.80)))
    for parcel in ponds:
        edges = tuple(site.parcels.take(np.array([parcel])))
        found.append(Feature("water", "pond", "", _oval(site, edges, 0.62)))
    beside = (site.canvas[:, site.mesh.rail] >= 0) | (site.canvas[:, site.mesh.rail - 1] >= 0)
    return [*found, *(_railway(site, run) for run in _runs(beside))]


def _beside(site: Site, row: int) -> Bools:
    """Tell which cells along a lattice row have the city on one side at least."""
    found: Bools = (site.canvas[row] >= 0) | (site.canvas[row - 1] >= 0)
    return found


def _runs(own: Bools) -> list[tuple[int, int]]:
    """Return where runs of true values begin and end; single cells are left out."""
    change = np.flatnonzero(np.diff(np.concatenate([[False], own, [False]])))
    return [(int(a), int(b)) for a, b in zip(change[::2], change[1::2], strict=True) if b - a > 1]


def _river(site: Site, number: int, run: tuple[int, int], seed: int) -> Feature:
    """Return a river along its lattice row: it bends with the lattice and breathes in width."""
    name, _, half = site.size.rivers[number]
    row = site.mesh.rivers[number]
    u = np.linspace(*run, 4 * (run[1] - run[0]) + 1)
    v = np.full(len(u), float(row))
    height = site.lattice.cell_metres(u, v)[1]
    breath = noise(stream(seed, name), ((25.0, 0.22), (9.0, 0.12))).at(u, v)
    wide = half * (1.0 + np.clip(breath, -0.35, 0.25)) / height
    return Feature("water", "river", name, _loop(site, (u, u[::-1]), (v - wide, (v + wide)[::-1])))


def _oval(site: Site, edges: tuple[Ints, ...], share: float) -> object:
    """Return a rounded shape inside a rectangle of cells."""
    i0, i1, j0, j1 = (float(edge[0]) for edge in edges)
    turn = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    wave = 1.0 + 0.07 * np.sin(3.0 * turn + i0) + 0.05 * np.sin(5.0 * turn + j0)
    squash = (
        share / 1.12 / np.power(np.abs(np.cos(turn)) ** 2.6 + np.abs(np.sin(turn)) ** 2.6, 1 / 2.6)
    )
    u = (i0 + i1) / 2 + (i1 - i0) / 2 * squash * wave * np.cos(turn)
    v = (j0 + j1) / 2 + (j1 - j0) / 2 * squash * wave * np.sin(turn)
    return _loop(site, (u,), (v,))


def _loop(site: Site, us: tuple[Reals, ...], vs: tuple[Reals, ...]) -> object:
    lon, lat = site.lattice.at(np.concatenate(us), np.concatenate(vs))
    return shapely.polygons(np.round(np.column_stack([lon, lat]), 8))


def _railway(site: Site, run: tuple[int, int]) -> Feature:
    v = np.arange(run[0], run[1] + 1)
    lon, lat = site.lattice.lon[v, site.mesh.rail], site.lattice.lat[v, site.mesh.rail]
    return Feature("rail", "railway", "京沪铁路", shapely.linestrings(lon, lat))
