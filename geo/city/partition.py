"""Districts, subdistricts and communities as sets of blocks, sized by what lies in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.city.graph import Edges, settled
from geo.city.noise import Ints, Reals

# Land an urban community needs, relative to a village's fields.
_URBAN_LAND = 0.42
_TILT = np.pi / 7


@dataclass(frozen=True)
class Ground:
    """The blocks to be shared out: place (metres), cells, how urban (1 in a centre, 0 far away)."""

    x: Reals
    y: Reals
    cells: Ints
    urban: Reals
    edges: Edges


def shares(communities: pd.DataFrame) -> pd.DataFrame:
    """Return one row a community: codes of its parents and the land it needs.

    Parameters
    ----------
    communities
        Columns `code` (12 digits) and `rule`.
    """
    frame = pd.DataFrame({"code": communities["code"], "urban": communities["rule"] == "urban"})
    frame["district"] = frame["code"].str[:6]
    frame["subdistrict"] = frame["code"].str[:9]
    frame["land"] = np.where(frame["urban"], _URBAN_LAND, 1.0)
    return frame.reset_index(drop=True)


def shared_out(
    ground: Ground, district: Ints, needs: pd.DataFrame, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Return the subdistrict and the community of every block, as numbers in sorted code order.

    `district` numbers the blocks' districts in sorted code order. Each area is in one piece, and a
    more urban one lies where it is more urban.
    """
    sub = _level(ground, district, needs, ("district", "subdistrict"), rng)
    community = _level(ground, sub, needs, ("subdistrict", "code"), rng)
    return sub, community


def _level(
    ground: Ground,
    above: Ints,
    needs: pd.DataFrame,
    levels: tuple[str, str],
    rng: np.random.Generator,
) -> Ints:
    """Return the areas of one level, inside those of the level above."""
    upper, lower = levels
    items = needs.groupby(lower, sort=True).agg(
        upper=(upper, "first"), land=("land", "sum"), urban=("urban", "mean")
    )
    parent = items["upper"].astype("category").cat.codes.to_numpy()
    land, urban = items["land"].to_numpy(), items["urban"].to_numpy()
    label = np.full(len(above), -1, np.int64)
    members = _grouped(above)
    for number, own in enumerate(_grouped(parent.astype(np.int64))):
        order = own[np.lexsort((own, -urban[own]))]
        _bisect(ground, members[number], (order, land[order]), label, rng)
    return settled(label, above, ground.edges, ground.cells)


def _grouped(group: Ints) -> list[Ints]:
    """Return the positions of each group 0, 1, … in order."""
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    counts = np.bincount(group[group >= 0])
    return list(np.split(order, np.cumsum(counts)[:-1]))


def _bisect(
    ground: Ground,
    blocks: Ints,
    items: tuple[Ints, Reals],
    label: Ints,
    rng: np.random.Generator,
) -> None:
    """Write into `label` the item of each block: halve the land again and again by need."""
    waiting = [(blocks, *items)]
    while waiting:
        own, codes, land = waiting.pop()
        if len(codes) == 1:
            label[own] = codes[0]
            continue
        half = np.searchsorted(np.cumsum(land), land.sum() / 2.0)
        middle = int(np.clip(half, 1, len(codes) - 1))
        own = own[_lined_up(ground, own, rng)]
        filled = np.cumsum(ground.cells[own])
        wanted = filled[-1] * land[:middle].sum() / land.sum()
        cut = int(np.searchsorted(filled, wanted))
        cut = min(max(cut, middle), len(own) - (len(codes) - middle))
        waiting += [
            (own[:cut], codes[:middle], land[:middle]),
            (own[cut:], codes[middle:], land[middle:]),
        ]


def _lined_up(ground: Ground, own: Ints, rng: np.random.Generator) -> Ints:
    """Return the order of blocks along their longer extent, the more urban end first."""
    x, y = ground.x[own], ground.y[own]
    turn = rng.uniform(-_TILT, _TILT) + (0.0 if np.ptp(x) >= np.ptp(y) else np.pi / 2)
    along = x * np.cos(turn) + y * np.sin(turn)
    order = np.argsort(along, kind="stable")
    middle = len(order) // 2
    urban = ground.urban[own[order]]
    return order if urban[:middle].mean() >= urban[middle:].mean() else order[::-1]
