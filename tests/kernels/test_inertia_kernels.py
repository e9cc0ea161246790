"""Kernels of the bound on inertia, run small: with the compiler and, a second time, without it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from geo.redraw.exact.knapsacks import Loads, Offers, fill, fill_all, rises, take, whole_loads
from geo.redraw.exact.moments import LEAST, cool, moments_of, new_room, pulls
from geo.redraw.state import Graph, Reals, new_state

ATOMS = 5


def offers(seed: int) -> tuple[Offers, Loads]:
    rng = np.random.default_rng(seed)
    price = rng.normal(0, 10, (ATOMS, ATOMS))
    atoms = np.array([np.roll(np.arange(ATOMS), -centre) for centre in range(ATOMS)])
    loads = whole_loads(rng.integers(0, 9, ATOMS).astype(np.float64), 8, 17)
    return Offers(atoms, np.full(ATOMS, ATOMS), price), loads


def cheapest(price: Reals, loads: Loads, must: set[int]) -> float:
    """Return the least price of a set of atoms in band that holds some, tried one by one."""
    found = [np.inf]
    for chosen in product([False, True], repeat=ATOMS):
        took = np.array(chosen)
        if took[list(must)].all() and loads.low <= loads.units[took].sum() <= loads.high:
            found.append(price[took].sum())
    return float(min(found))


@pytest.mark.parametrize("seed", range(6))
def test_a_centre_takes_the_cheapest_load_in_band(seed: int) -> None:
    some, loads = offers(seed)
    values, band = np.zeros(ATOMS), (loads.low, loads.high)
    fill_all(values, some, loads.units, band, np.zeros((2, loads.high + 1)))
    for centre in range(ATOMS):
        price = some.price[centre]
        assert values[centre] == pytest.approx(cheapest(price, loads, {centre}))
        table, times = np.zeros((ATOMS + 1, loads.high + 1)), np.zeros(ATOMS)
        if np.isfinite(fill(table, some, loads.units, band, centre)):
            take(table, some, loads.units, centre, times)
            assert price @ times == pytest.approx(values[centre])
            rise = np.zeros(ATOMS)
            rises(table, some, loads.units, centre, (rise, np.zeros(loads.high + 1)))
            for atom in range(ATOMS):
                dear = cheapest(price, loads, {centre, atom})
                assert values[centre] + rise[atom] == pytest.approx(dear)


def test_rounded_loads_lose_no_set_in_band() -> None:
    rng = np.random.default_rng(1)
    weight = rng.random(6) * 50_000
    loads = whole_loads(weight, 60_000.0, 90_000.0)
    assert not loads.exact
    for chosen in product([False, True], repeat=6):
        took = np.array(chosen)
        if 60_000 <= weight[took].sum() <= 90_000:
            assert loads.low <= loads.units[took].sum() <= loads.high


@pytest.mark.parametrize("even", [True, False])
def test_a_cooled_plan_has_the_moment_it_says(*, even: bool) -> None:
    count = 12
    row = np.arange(count, dtype=np.float64)
    to = np.array([j for i in range(count) for j in (i - 1, i + 1) if 0 <= j < count])
    first = np.r_[0, np.cumsum([1] + [2] * (count - 2) + [1])]
    ones, home = np.ones(len(to)), np.full(count, -1)
    graph = Graph(first, to, ones, ones, np.zeros(len(to), np.int64), np.ones(count),
                  np.ones(count), np.ones(count), row, np.zeros(count), home, home > 0)  # fmt: skip
    state, room = new_state(count, 3), new_room(count, 3)
    state.label[:] = np.arange(count) // 4 if even else [0] * 9 + [1, 1, 2]
    pull, rng = pulls(graph), np.random.default_rng(2)
    cool(graph, state, pull, (3.0, 5.0, 0.3, 2_000), (room, rng))
    assert room.score[LEAST] == pytest.approx(moments_of(graph, room.best)[0])
    assert room.score[LEAST] == 18
