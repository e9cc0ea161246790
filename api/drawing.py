"""A draft as the page that edits it holds it: atoms, who borders on whom, the grid of each."""

from __future__ import annotations

import gzip
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from api.packing import LEVEL
from api.workbench import Bench, Done
from geo.crs import WGS84
from geo.edits import Offer
from geo.redraw.problem import Problem
from maps.geojson import feature_collection

_METRES: Final = 1  # decimals
_SQUARE_METRES: Final = 0


def told(done: Done) -> dict[str, Any]:
    """Return what an edit did, or a look shows, as JSON takes it."""
    answer, draft = done.answer, done.bench.draft
    return {
        "version": done.version,
        "grids": [{**grid._asdict(), "name": done.name_of(grid)} for grid in answer.grids],
        "gone": answer.gone,
        "atoms": answer.atoms,
        "placed": done.placed(),
        "households": answer.households,
        "moved_households": answer.moved_households,
        "offers": [_offer(offer) for offer in answer.offers],
        "counts": dict(answer.counts),
        "fallen": answer.fallen,
        "can_undo": bool(draft.past),
        "can_redo": bool(draft.future),
        "locked": sorted(draft.locked),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    move = {"kind": "move", "atoms": offer.edit.atoms, "grid": offer.edit.grid}
    return {"code": offer.code, "households": offer.households, "edit": move}


def labels_told(bench: Bench) -> dict[str, Any]:
    """Return `codes` of grids, and in `labels` the place in them of each atom's, -1: in none.

    Beside them `counted`, the households of each atom: a recount changes them.
    """
    number, codes = pd.factorize(bench.draft.assignment)
    counts = bench.households.tolist()
    return {"codes": codes.tolist(), "labels": number.tolist(), "counted": counts}


def ground_told(bench: Bench) -> str:
    """Return the atoms of a draft as GeoJSON, EPSG:4326, and beside `features` what hangs together.

    Of each atom `code`, `households`, `home` (place in `communities`), `node` (an estate is one)
    and `today` (code of the grid in force). `communities`: code, name, rule, and the band of its
    grids or null. By node: `area` (m²) and `around` (metres of its outline). `links`: two nodes of
    one community and the metres they share (0: across a bridge), one after the other.
    """
    ground = bench.draft.ground
    node = ground.problems.node
    frame = gpd.GeoDataFrame(
        {
            "code": ground.atoms.names,
            "households": bench.households,
            "home": np.where(node >= 0, ground.home[node], -1),
            "node": node,
            "today": ground.atoms.previous,
        },
        geometry=list(bench.shapes),
        crs=WGS84,
    )
    each = ground.problems.each
    return feature_collection(
        frame,
        communities=[_community(bench, problem) for problem in each],
        area=_flat([problem.graph.area.round(_SQUARE_METRES) for problem in each]),
        around=_flat([problem.graph.around.round(_METRES) for problem in each]),
        links=_flat([_links(problem) for problem in each]),
    )


def ground_packed(bench: Bench) -> bytes:
    """Return the same as gzip, at hand once somebody has asked for it."""
    return bench.ground_packed.get(lambda: gzip.compress(ground_told(bench).encode(), LEVEL))


def _community(bench: Bench, problem: Problem) -> dict[str, Any]:
    name, rule = bench.communities.get(problem.name, (problem.name, None))
    band = bench.draft.ground.rules.band(problem.rule)
    limits = {"low": band.low, "high": band.high} if band else {"low": None, "high": None}
    return {"code": problem.name, "name": name, "rule": rule, **limits}


def _links(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    graph = problem.graph
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    once = source < graph.to
    first, second = source[once] + problem.first, graph.to[once] + problem.first
    return np.column_stack([first, second, graph.border[once].round(_METRES)]).ravel()


def _flat(parts: list[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> list[float]:
    joined = np.concatenate(parts) if parts else np.zeros(0)
    return [int(n) if n.is_integer() else n for n in joined.tolist()]
