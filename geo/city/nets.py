"""Five departments' nets: each tiles the city by its own lights, so that none nests in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geo.city.graph import Edges, grow
from geo.city.noise import Ints, stream
from geo.city.site import Site


class Department(NamedTuple):
    """A department's net: `share` is areas a community, `ragged` how uneven they are.

    `name` is what an area is called, `title` the net itself.
    """

    net: str
    title: str
    prefix: str
    name: str
    share: float
    ragged: float


DEPARTMENTS: Final = (
    Department("dept-police", "公安警务网", "GA", "警务区", 0.8, 0.5),
    Department("dept-urban-management", "城管网", "CG", "城管网格", 0.35, 0.3),
    Department("dept-sanitation", "环卫网", "HW", "环卫作业区", 1.3, 0.6),
    Department("dept-civil-affairs", "民政网", "MZ", "民政服务片区", 0.55, 0.4),
    Department("dept-fire", "消防网", "XF", "消防责任区", 0.14, 0.2),
)


@dataclass(frozen=True)
class Net:
    """One department's areas: `label` is the area of every parcel; code and name by area."""

    department: Department
    label: Ints
    code: list[str]
    name: list[str]


def nets(site: Site, district_names: list[str], seed: int) -> list[Net]:
    """Return the five nets; areas stay in a district and ignore what lies below it."""
    block = site.parcel_block
    low, high = np.minimum(*(pair := (block[site.edges.a], block[site.edges.b]))), np.maximum(*pair)
    differ = low != high
    count = len(site.block_community)
    key = np.unique(low[differ] * count + high[differ])
    edges = Edges(key // count, key % count, np.ones(len(key), np.int64))
    district = site.district_of[site.block_community]
    inside = edges.within(district)
    return [
        _net(site, department, (inside, district, district_names), seed)
        for department in DEPARTMENTS
    ]


def _net(
    site: Site, department: Department, ground: tuple[Edges, Ints, list[str]], seed: int
) -> Net:
    edges, district, district_names = ground
    rng = stream(seed, department.net)
    seeds = _seeds(site, district, department.share, rng)
    x, y = site.lattice.metres_at(site.blocks.u, site.blocks.v)
    cost = np.hypot(x[edges.a] - x[edges.b], y[edges.a] - y[edges.b])
    cost *= rng.lognormal(0.0, department.ragged, len(cost))
    owner = grow(edges, cost, seeds, len(district))
    frame = pd.DataFrame({"district": district[seeds], "x": x[seeds], "old": range(len(seeds))})
    frame = frame.sort_values(["district", "x"], ignore_index=True)
    number = frame.groupby("district").cumcount() + 1
    new = np.empty(len(seeds), np.int64)
    new[frame["old"]] = np.arange(len(seeds))
    codes = sorted(set(site.needs["district"]))
    return Net(
        department,
        new[owner][site.parcel_block],
        [
            f"{department.prefix}{codes[d]}{n:04d}"
            for d, n in zip(frame["district"], number, strict=True)
        ],
        [
            f"{district_names[d]}第{n}{department.name}"
            for d, n in zip(frame["district"], number, strict=True)
        ],
    )


def _seeds(site: Site, district: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Return blocks to grow from: more where communities are small, one a district at least."""
    dense = 1.0 / np.bincount(site.block_community)[site.block_community]
    luck = rng.exponential(1.0, len(district)) / dense
    wanted = max(3, round(share * len(site.needs)))
    chosen = np.argsort(luck, kind="stable")[:wanted]
    each = np.array([np.flatnonzero(district == d)[0] for d in np.unique(district)])
    missing = ~np.isin(district[each], district[chosen])
    return np.sort(np.concatenate([chosen, each[missing]]))
