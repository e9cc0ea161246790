"""One net for all: grids in band whose borders are, as far as may be, borders of the nets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.atoms.adjacency import Borders, adjacency
from geo.nets.disagreement import parted
from geo.nets.inputs import Given, Net, Texts
from geo.nets.keeping import Cover, barrier_rules, kept_borders, priced
from geo.nets.most import most_kept
from geo.nets.overlay import Overlay
from geo.nets.pieces import Pieces
from geo.redraw import Redrawn, Search, draw
from geo.redraw.barriers import Barriers, read_barriers
from geo.redraw.inputs import Columns
from geo.redraw.state import Flags, Ints, Reals
from geo.rules import Rules, merge_rules
from geo.rules import barrier_rules as barriers_of

Watch: TypeAlias = Callable[[str, str], AbstractContextManager[None]]

_WEIGHT: Final = "households"


class Kept(NamedTuple):
    """Borders of one net inside communities: metres, those kept, kept when none are asked for.

    `most`: no plan of these pieces whose grids reach the lower bound of the band keeps more, were
    this net the only one that counts; `geo.nets.most` says what the figure leaves out.
    """

    net: str
    metres: float
    kept: float
    unasked: float
    most: float


class Priced(NamedTuple):
    """A plan at a price of borders: the share of all nets' borders that it keeps, and the rest."""

    price: float
    kept: float
    grids: int
    grids_in_band: int
    compactness: float


@dataclass(frozen=True, eq=False)
class Site:
    """What plans are drawn on: pieces as atoms, their units, borders, and how to search."""

    frame: gpd.GeoDataFrame
    columns: Columns
    units: Ints  # (pieces, nets)
    borders: Borders  # inside communities
    lines: Barriers
    roads: dict[str, int]  # what became of them, as `Barriers.told`
    rules: Rules
    search: Search


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
    prices
        The plans looked at, by rising price; at 0 borders of nets are worth nothing.
    most
        The share of all nets' borders above which no such plan comes, as in `Kept`.
    roads
        What became of the roads, rivers and walls given.
    """

    drawn: Redrawn
    grid: Ints
    units: Ints
    kept: tuple[Kept, ...]
    own: tuple[float, float]
    prices: tuple[Priced, ...]
    most: float
    roads: dict[str, int]


def site_of(
    whole: Given,
    overlay: Overlay,
    pieces: Pieces,
    how: tuple[Rules, Search, str | None],
    roads: gpd.GeoDataFrame | None = None,
) -> Site:
    """Return the ground of the new net; `how` ends with the net of today's grids, if any.

    Borders along `roads` are worth what one net more would make of them.
    """
    rules, search, today = how
    frame = frame_of(whole, overlay, pieces)
    units = overlay.units[pieces.atom]
    if today is not None:
        net = whole.names.index(today)
        frame["previous"] = codes_of(whole.nets[net], units[:, net], None)
    within = "within" if len(whole.towns.polygons) else None
    columns = Columns(_WEIGHT, within, "estate", "previous" if today is not None else None)
    touching, home = adjacency(pieces.polygons), overlay.home[pieces.atom]
    borders = touching.where(home[touching.left] == home[touching.right])
    cover, beside = Cover(overlay.polygons, overlay.units, overlay.home), None
    if roads is not None:
        beside = read_barriers(roads, frame, barriers_of(rules))
        cover = Cover(pieces.polygons, units, home)  # roads part what nets do not
    lines = kept_borders(cover, frame, merge_rules(rules).each, beside)
    told = beside.told if beside is not None else {}
    return Site(frame, columns, units, borders, lines, told, rules, search)


def drawn_at(site: Site, price: float) -> Redrawn:
    """Return the plan at a price of borders that no net has; 0: by the rules alone."""
    if price <= 0:
        return draw(site.frame, site.columns, site.rules, site.search)
    lines = replace(site.lines, rules=barrier_rules(price))
    return draw(site.frame, site.columns, priced(site.rules, price), site.search, lines)


def proposed(
    whole: Given, site: Site, prices: Sequence[float], first: Redrawn, doing: Watch
) -> Proposal:
    """Return the plan with the fewest grids out of band, of these the one that keeps most borders.

    `first` is the plan at the first of the prices.
    """
    best, shown = first, [_priced(site, prices[0], first)]
    with doing("划分一张网（边界价 0）", "Drawing one net, borders at 0"):
        free = drawn_at(site, 0.0)
    unasked, by_rules = grid_of(free), _priced(site, 0.0, free)
    del free  # a plan of a whole city is large: only the best one is kept
    for price in prices[1:]:
        with doing(f"划分一张网（边界价 {price:g}）", f"Drawing one net, borders at {price:g}"):
            other = drawn_at(site, price)
        shown.append(_priced(site, price, other))
        best = other if _rank(shown[-1]) > max(map(_rank, shown[:-1])) else best
    grid = grid_of(best)
    kept, own = _kept(whole, site, (grid, unasked))
    every = parted(site.units, site.borders.left, site.borders.right).sum(axis=1)
    most = _most(site, every * site.borders.metres)
    prices_shown = (by_rules, *shown)
    return Proposal(best, grid, site.units, kept, own, prices_shown, most, site.roads)


def _rank(plan: Priced) -> tuple[int, float]:
    """Return what a plan is chosen by: fewer grids out of band, then more borders kept."""
    return plan.grids_in_band - plan.grids, plan.kept


def _most(site: Site, worth: Reals) -> float:
    """Return the share of borders worth so much that a plan in band can keep at most."""
    home, homes = pd.factorize(site.frame["within"])
    rule = site.frame.groupby(home)["rule"].first()
    bands = [site.rules.band(str(rule[n])) for n in range(len(homes))]
    low = np.asarray([0.0 if band is None else band.low for band in bands])
    load = site.frame[_WEIGHT].to_numpy(np.float64)
    whole = float(worth.sum())
    found = most_kept(site.borders, worth, home.astype(np.int64), (load, low))
    return found / whole if whole > 0 else 1.0


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


def _priced(site: Site, price: float, drawn: Redrawn) -> Priced:
    grid, (left, right, metres) = grid_of(drawn), site.borders
    nets = parted(site.units, left, right).sum(axis=1) * metres
    asked = float(nets.sum())
    kept = float(nets[grid[left] != grid[right]].sum()) / asked if asked > 0 else 1.0
    ordinary = drawn.grids.loc[~drawn.grids["special"]]
    good, form = int(ordinary["in_band"].sum()), float(ordinary["compactness"].mean())
    return Priced(price, kept, len(ordinary), good, form)


def _kept(
    whole: Given, site: Site, grids: tuple[Ints, Ints]
) -> tuple[tuple[Kept, ...], tuple[float, float]]:
    """Return what became of borders, and how much of the new ones are old ones."""
    left, right, metres = site.borders
    own = parted(site.units, left, right)
    new, unasked = (grid[left] != grid[right] for grid in grids)

    def length(mask: Flags) -> float:
        return float(metres[mask].sum())

    kept = tuple(
        Kept(
            name,
            length(own[:, n]),
            length(own[:, n] & new),
            length(own[:, n] & unasked),
            _most(site, own[:, n] * metres) * length(own[:, n]),
        )
        for n, name in enumerate(whole.names)
    )
    return kept, (length(new), length(new & own.any(axis=1)))
