"""The face of the merger: nets of several departments in, one net and what becomes of each out."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final, TypedDict, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import BadOptionError
from geo.nets.disagreement import Pair, held_together
from geo.nets.inputs import Given, given, moved
from geo.nets.loads import Loads, loads_of, swallowed_units
from geo.nets.overlay import Overlay, overlaid
from geo.nets.pieces import Pieces, pieces_of
from geo.nets.proposal import (
    Kept,
    Priced,
    Proposal,
    Site,
    Watch,
    codes_of,
    first_drawn,
    frame_of,
    proposed,
    site_of,
)
from geo.nets.tables import conflicts, matrix, unit_tables
from geo.redraw import Quality, Redrawn, Search
from geo.redraw.drawing import check_search
from geo.redraw.state import Reals
from geo.rules import Rules, merge_rules

TOLERANCE_M: Final = 10.0
# Atoms above this part of the most households are cut along places. Whole atoms keep borders;
# where they fit in no band, smaller ones are cut too.
_COARSE: Final = 1.0
_FINE: Final = 0.25
_LONG: Final = ("best", "proven")  # searches in which several prices are tried
_NO_LIMIT: Final = np.inf
_HOUSEHOLDS: Final = "households"


@dataclass(frozen=True, eq=False)
class Facts:
    """What happened on the way.

    `slivers` faces of `sliver_m2` were too narrow to be meant; `beyond_m2` of the nets lie outside
    every community; `outside` households lie in no atom; `source` (places, net, or ground, where
    they are hectares) and `net` say where households come from; `swallowed` are the codes, by net,
    of units that have no atom, being narrower than the tolerance or wholly under others of their
    net; `bare` are the households and the ground (m²) in no unit of a net; `atoms` of the overlay,
    `pieces` after the heavy ones were cut; `seconds` of each stage.
    """

    slivers: int
    sliver_m2: float
    beyond_m2: float
    outside: float
    source: str
    net: str
    swallowed: dict[str, list[str]]
    bare: dict[str, tuple[float, float]]
    atoms: int
    pieces: int
    seconds: dict[str, float]


@dataclass(frozen=True, eq=False)
class Merged:
    """One net proposed for several, and how they stand to each other and to it.

    Parameters
    ----------
    drawn
        The new grids as a redraw gives them; `labels` by row of `atoms`.
    atoms
        `atom`, `within`, `rule`, `estate`, `households`, a column a net (its unit's code, missing:
        none), `grid`, geometry: a valid coverage in the system of the first net.
    matrix, conflicts
        Every two nets held against each other (`geo.nets.tables.matrix`), and where they disagree.
    tables
        By net: from its units to the new grids.
    kept
        What became of each net's borders.
    own
        Metres of the new borders inside communities, and those that are borders of a net.
    prices, chosen
        The plans looked at, by the price of borders, the first asked for none; the one proposed.
    most
        The share of all nets' borders that no plan of these pieces with grids that reach the band
        can exceed: an upper figure of a relaxation (`geo.nets.most`), not what a plan keeps.
    barriers
        What became of the roads, rivers and walls given, as `geo.redraw.barriers.Barriers.told`.
    facts
        What happened on the way.
    """

    drawn: Redrawn
    atoms: gpd.GeoDataFrame
    matrix: pd.DataFrame
    conflicts: gpd.GeoDataFrame
    tables: dict[str, pd.DataFrame]
    kept: tuple[Kept, ...]
    own: tuple[float, float]
    prices: tuple[Priced, ...]
    chosen: Priced
    most: float
    barriers: dict[str, int]
    facts: Facts


class Ground(TypedDict, total=False):
    """What else is known, and how near borders are one: see `merge`."""

    places: gpd.GeoDataFrame | None
    weight: str
    within: gpd.GeoDataFrame | str | None
    groups: str | None
    previous: str | None
    tolerance: float
    barriers: gpd.GeoDataFrame | None


def merge(
    nets: Mapping[str, gpd.GeoDataFrame],
    *,
    rules: Rules,
    seed: int = 0,
    quality: Quality = "best",
    threads: int | None = None,
    watch: Watch | None = None,
    **ground: Unpack[Ground],
) -> Merged:
    """Return one net that keeps as many of the nets' borders as the band allows.

    Parameters
    ----------
    nets
        By name, the net whose borders stand first at the front: `code` (else the row's number from
        1), polygons in any CRS and, if there, `name` and households. Rows of one code are one
        unit; of units that overlap, one inside the other has the ground, else the lowest code.
    rules
        Bands by kind of area, and prices.
    seed, quality, threads
        As in `geo.redraw.redraw`.
    watch
        Called with what is being done, in Chinese and English; a context that lasts as long.
    places
        Points with households; without them the figures of the net with the most units that has
        any are spread over its ground by area.
    weight
        Column of households, of places or nets; `geo.nets.loads.GROUND`: hectares take their place,
        in the rules too.
    within
        Communities no grid may cross: `code`, polygons and, if there, `rule`; or a column of the
        first net. Without them all is one community.
    groups
        Column of places: estates that no grid may split.
    previous
        Name of the net that holds today's grids: households that change grid cost.
    tolerance
        Borders nearer than so many metres are one; by default 10.
    barriers
        Roads, rivers, walls as in `geo.redraw.redraw`: a border along one is worth what one net
        more that has it would make of it.

    Raises
    ------
    JingweiError
        When the input cannot be used: which net, which rows, and what to do.
    """
    doing = watch or (lambda _zh, _en: nullcontext())
    previous = ground.get("previous")
    check_asked(nets, previous, ground.get("tolerance", TOLERANCE_M))
    check_search(seed, quality)
    clock = [time.perf_counter()]
    with doing("叠加各网", "Overlaying the nets"):
        whole = given(nets, ground.get("within"), ground.get("weight", _HOUSEHOLDS))
        overlay = overlaid(whole, ground.get("tolerance", TOLERANCE_M))
        clock.append(time.perf_counter())
    with doing("统计户数", "Counting households"):
        loads = _loads(whole, overlay, ground)
        pairs = held_together(whole, overlay, loads.households)
        clock.append(time.perf_counter())
    how = Search(seed, quality, threads), previous
    roads = ground.get("barriers")
    pieces, proposal = _drawn((whole, overlay, loads), (rules, *how), roads, doing)
    clock.append(time.perf_counter())
    return _merged(
        (whole, overlay, pairs), (pieces, proposal), _facts(whole, (overlay, loads, pieces), clock)
    )


def _loads(whole: Given, overlay: Overlay, ground: Ground) -> Loads:
    """Return the households of each atom from what else is known."""
    places = ground.get("places")
    points = None if places is None else moved("--places", places, whole)
    return loads_of(
        whole, overlay, points, (ground.get("weight", _HOUSEHOLDS), ground.get("groups"))
    )


def _merged(
    found: tuple[Given, Overlay, tuple[Pair, ...]],
    drawn: tuple[Pieces, Proposal],
    facts: Facts,
) -> Merged:
    """Return the new net and the tables, in the system of the first net."""
    (whole, overlay, pairs), (pieces, proposal) = found, drawn
    shown = conflicts(whole, overlay, pairs)
    return Merged(
        _shown_plan(whole, proposal.drawn),
        _atoms(whole, overlay, pieces, proposal),
        matrix(whole, pairs),
        shown if whole.shown is None else shown.to_crs(whole.shown),
        unit_tables(whole, pieces, proposal),
        proposal.kept,
        proposal.own,
        proposal.prices,
        proposal.chosen,
        proposal.most,
        proposal.roads,
        facts,
    )


def check_asked(nets: Collection[str], previous: str | None, tolerance: float) -> None:
    """Raise where nets of these names cannot be merged so.

    Raises
    ------
    BadOptionError
        When today's net is none of them, or the tolerance no number of metres.
    """
    if previous is not None and previous not in nets:
        raise BadOptionError(option="--previous", found=previous, expected=", ".join(nets))
    if not 0 <= tolerance < np.inf:
        raise BadOptionError(option="--tolerance", found=tolerance, expected="≥ 0")


def _drawn(
    found: tuple[Given, Overlay, Loads],
    how: tuple[Rules, Search, str | None],
    roads: gpd.GeoDataFrame | None,
    doing: Watch,
) -> tuple[Pieces, Proposal]:
    """Return the new net and its pieces; communities out of band are tried with smaller ones."""
    whole, overlay, loads = found
    limit = _limits(whole, how[0])
    prices = _prices(how[0], how[1].quality, beside_today=how[2] is not None)

    def cut_into(heavy: Reals) -> tuple[Pieces, Site]:
        with doing("切分地块", "Cutting atoms"):
            pieces = pieces_of(overlay, loads, heavy[overlay.home])
            return pieces, site_of(whole, overlay, pieces, how, roads)

    def drawn_on(site: Site) -> Redrawn:
        with doing("划分一张网", "Drawing one net"):
            return first_drawn(site, prices[0])

    pieces, site = cut_into(_COARSE * limit)
    trial = drawn_on(site)
    failed = np.isin(whole.towns.codes, _out_of_band(trial))
    finer = np.where(failed, _FINE, _COARSE) * limit
    if (loads.households > finer[overlay.home])[failed[overlay.home]].any():
        # What is there is made anew where finer pieces do not help: both would be twice the memory.
        before = _excess(trial)
        del pieces, site, trial
        pieces, site = cut_into(finer)
        trial = drawn_on(site)
        if _excess(trial) > before:
            del pieces, site, trial
            pieces, site = cut_into(_COARSE * limit)
            trial = drawn_on(site)
    return pieces, proposed(whole, site, prices, trial, doing)


def _prices(rules: Rules, quality: Quality, *, beside_today: bool) -> tuple[float, ...]:
    """Return the prices of a border that no net has: a plan is drawn at each."""
    merging = merge_rules(rules)
    if beside_today:
        return (merging.today,)
    return merging.prices if quality in _LONG else merging.prices[:1]


def _out_of_band(drawn: Redrawn) -> list[str]:
    table = drawn.report.communities
    return list(table.loc[~table["in_band"], "within"])


def _excess(drawn: Redrawn) -> int:
    """Return how many grids are out of band."""
    return int(drawn.report.communities.eval("grids - grids_in_band").sum())


def _limits(whole: Given, rules: Rules) -> Reals:
    """Return the most households of a grid in each community."""
    bands = [rules.band(rule) for rule in whole.towns.rules]
    return np.asarray([_NO_LIMIT if band is None else band.high for band in bands], np.float64)


def _shown_plan(whole: Given, drawn: Redrawn) -> Redrawn:
    if whole.shown is None or whole.shown == whole.crs:
        return drawn
    return Redrawn(drawn.labels, drawn.grids.to_crs(whole.shown), drawn.report)


def _atoms(whole: Given, overlay: Overlay, pieces: Pieces, proposal: Proposal) -> gpd.GeoDataFrame:
    frame = frame_of(whole, overlay, pieces)
    for n, net in enumerate(whole.nets):
        frame[net.name] = codes_of(net, proposal.units[:, n], None)
    frame["grid"] = proposal.drawn.labels.to_numpy()
    return frame if whole.shown is None else frame.to_crs(whole.shown)


def _bare(overlay: Overlay, loads: Loads, net: int) -> tuple[float, float]:
    """Return the households and the ground in no unit of a net."""
    none = overlay.units[:, net] < 0
    return float(loads.households[none].sum()), float(overlay.area[none].sum())


def _facts(whole: Given, found: tuple[Overlay, Loads, Pieces], clock: list[float]) -> Facts:
    overlay, loads, pieces = found
    swallowed = {
        net.name: net.codes[swallowed_units(net, overlay, n)[0]].tolist()
        for n, net in enumerate(whole.nets)
    }
    stages = ("overlay", "count", "draw")
    seconds = dict(zip(stages, np.diff(clock).round(3).tolist(), strict=True))
    return Facts(
        overlay.slivers,
        overlay.sliver_m2,
        overlay.beyond_m2,
        loads.outside,
        loads.source,
        loads.net,
        {name: codes for name, codes in swallowed.items() if codes},
        {net.name: _bare(overlay, loads, n) for n, net in enumerate(whole.nets)},
        len(overlay.polygons),
        len(pieces.polygons),
        seconds,
    )
