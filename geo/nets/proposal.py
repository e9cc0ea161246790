"""One net for all: grids in band whose borders are, as far as may be, borders of the nets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.atoms.adjacency import Borders, adjacency
from geo.nets.disagreement import parted
from geo.nets.inputs import Given, Net, Texts
from geo.nets.keeping import Cover, Followed, kept_borders, priced
from geo.nets.most import most_kept
from geo.nets.overlay import Overlay
from geo.nets.pieces import Pieces
from geo.nets.sizes import as_many_as_units
from geo.redraw import Redrawn, Search, draw
from geo.redraw.barriers import read_barriers
from geo.redraw.inputs import Columns
from geo.redraw.state import Ints, Reals
from geo.rules import Rules, merge_rules
from geo.rules import barrier_rules as barriers_of

Watch: TypeAlias = Callable[[str, str], AbstractContextManager[None]]

_WEIGHT: Final = "households"
_AGAIN: Final = 2  # times a plan is drawn anew for nets that fell behind
SAME_M: Final = 0.1  # lengths that differ less are the same


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

    @property
    def behind(self) -> float:
        """Metres less than come unasked; 0 where that is rounding."""
        less = self.unasked - self.kept
        return less if less > SAME_M else 0.0


class Priced(NamedTuple):
    """A plan at a price of borders: the share of all nets' borders that it keeps, and the rest.

    `behind`: what nets keep less than comes unasked, as a share of all nets' borders. `each`: the
    part of the price that a border of each net takes off.
    """

    price: float
    kept: float
    behind: float
    each: tuple[float, ...]
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
    lines: Followed
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
        The plans looked at: at 0 borders of nets are worth nothing, then by rising price, then
        those where nets that fell behind count more.
    chosen
        The one of them that is proposed.
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
    chosen: Priced
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
    lines = kept_borders(cover, frame, beside)
    told = beside.told if beside is not None else {}
    if today is None:  # else households moved come before borders, and today's number with them
        search = search._replace(others=_numbers(frame, units, rules))
    return Site(frame, columns, units, borders, lines, told, rules, search)


def _numbers(frame: gpd.GeoDataFrame, units: Ints, rules: Rules) -> dict[str, int]:
    """Return the number of grids as large as the nets' units, by community."""
    kinds = frame.groupby("within")["rule"].first()
    bands = {str(town): rules.band(str(rule)) for town, rule in kinds.items()}
    return as_many_as_units(units, frame["within"], frame[_WEIGHT].to_numpy(np.float64), bands)


def drawn_at(site: Site, price: float, each: Reals) -> Redrawn:
    """Return the plan at a price of borders that no net has; 0: by the rules alone.

    `each` is the part of it that a border of each net takes off.
    """
    if price <= 0:
        return draw(site.frame, site.columns, site.rules, site.search._replace(others={}))
    lines = site.lines.at(price, each)
    return draw(site.frame, site.columns, priced(site.rules, price), site.search, lines)


def first_drawn(site: Site, price: float) -> Redrawn:
    """Return the plan at a price where each net takes off as much as the rules say."""
    return drawn_at(site, price, np.full(site.units.shape[1], merge_rules(site.rules).each))


def proposed(
    whole: Given, site: Site, prices: Sequence[float], first: Redrawn, doing: Watch
) -> Proposal:
    """Return the plan with the fewest grids out of band, of these the one that keeps most borders.

    What nets keep less than comes unasked is taken off. `first` is the plan at the first price.
    """
    best, shown = first, list[Seen]()
    for seen, drawn in _plans(site, prices, first, doing):
        shown.append(seen)
        if seen.rank >= max(one.rank for one in shown):
            best, chosen = drawn, seen.plan
        del drawn  # a plan of a whole city is large: only the best one is kept
    grid = grid_of(best)
    kept, own = _kept(whole, site, grid, shown[0].kept)
    every = parted(site.units, site.borders.left, site.borders.right).sum(axis=1)
    most = _most(site, every * site.borders.metres)
    plans = tuple(seen.plan for seen in shown)
    return Proposal(best, grid, site.units, kept, own, plans, chosen, most, site.roads)


class Seen(NamedTuple):
    """A plan looked at, and the metres of each net's borders that it keeps."""

    plan: Priced
    kept: Reals

    @property
    def rank(self) -> tuple[int, float]:
        """What a plan is chosen by: fewer grids out of band, then more borders kept."""
        plan = self.plan
        return plan.grids_in_band - plan.grids, plan.kept - plan.behind


def _plans(
    site: Site, prices: Sequence[float], first: Redrawn, doing: Watch
) -> Iterator[tuple[Seen, Redrawn]]:
    """Yield plans: by the rules alone, at each price, and where nets fell behind are asked more.

    A net is behind that keeps less than it does in the plan that asks for none. From the best of
    the prices on such nets count `behind` times as much, twice at the most.
    """
    merging, unasked = merge_rules(site.rules), np.zeros(site.units.shape[1])
    each = np.full(len(unasked), merging.each)

    def drawn_so(price: float) -> tuple[Seen, Redrawn]:
        with doing(f"划分一张网（边界价 {price:g}）", f"Drawing one net, borders at {price:g}"):
            drawn = drawn_at(site, price, each)
        return _seen(site, (price, each), drawn, unasked), drawn

    free = drawn_so(0.0)
    unasked = free[0].kept
    yield free
    last = _seen(site, (prices[0], each), first, unasked)
    yield last, first
    del free, first
    for price in prices[1:]:
        found = drawn_so(price)
        yield found
        last = max(found[0], last, key=lambda seen: seen.rank)
        del found
    for _ in range(_AGAIN):
        late = last.kept < unasked - SAME_M
        if not late.any() or merging.behind <= 1:
            return
        each = np.where(late, each * merging.behind, each)
        found = drawn_so(last.plan.price)
        yield found
        last = found[0]
        del found


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


def _metres(site: Site, grid: Ints) -> tuple[Reals, Reals]:
    """Return the metres of each net's borders, and those that are borders of grids."""
    left, right, metres = site.borders
    own = parted(site.units, left, right).T * metres
    return own.sum(axis=1), own[:, grid[left] != grid[right]].sum(axis=1)


def _seen(site: Site, asked: tuple[float, Reals], drawn: Redrawn, unasked: Reals) -> Seen:
    """Return what is to be said of a plan at a price, and of each net's part of it."""
    whole, kept = _metres(site, grid_of(drawn))
    every, late = float(whole.sum()), float(np.maximum(unasked - kept, 0.0).sum())
    share, behind = (float(kept.sum()) / every, late / every) if every > 0 else (1.0, 0.0)
    ordinary = drawn.grids.loc[~drawn.grids["special"]]
    good, form = int(ordinary["in_band"].sum()), float(ordinary["compactness"].mean())
    price, each = asked
    plan = Priced(price, share, behind, tuple(each.tolist()), len(ordinary), good, form)
    return Seen(plan, kept)


def _kept(
    whole: Given, site: Site, grid: Ints, unasked: Reals
) -> tuple[tuple[Kept, ...], tuple[float, float]]:
    """Return what became of borders, and how much of the new ones are old ones."""
    left, right, metres = site.borders
    own, new = parted(site.units, left, right), grid[left] != grid[right]
    lengths, held = _metres(site, grid)
    kept = tuple(
        Kept(name, float(length), float(ours), float(free), _most(site, has * metres) * length)
        for name, length, ours, free, has in zip(
            whole.names, lengths, held, unasked, own.T, strict=True
        )
    )
    along = new & own.any(axis=1)
    return kept, (float(metres[new].sum()), float(metres[along].sum()))
