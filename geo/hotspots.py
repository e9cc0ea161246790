"""Hot spots: where issues lie together far more than elsewhere in the same area.

Issues come counted in small cells, so that a city costs what its built-up land does, not what its
complaints do. A place is dense where what lies within reach of it is more than 2.58 standard
deviations above the mean of all such places (the threshold of local Gi*); dense places that touch
are one spot: DBSCAN with weights, of scikit-learn, which is loaded at the first question.
Source: Ester et al., A density-based algorithm for discovering clusters, KDD 1996; Ord and Getis,
Local spatial autocorrelation statistics, Geographical Analysis 27 (1995).
"""

from __future__ import annotations

import warnings
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

METRES_PER_DEGREE: Final = 111_320.0
_DEVIATIONS: Final = 2.58  # one place in a hundred of a normal field
_CORES: Final = "Could not find the number of physical cores"  # said where /sys is not mounted
_HEART: Final = 0.9  # of the densest place: what a spot is named and placed by
_LEAST_M: Final = 30.0
_COLUMNS: Final = ("lon", "lat", "n", "before", "reach_m")

Figures = npt.NDArray[np.float64]


class Sought(NamedTuple):
    """What counts as a hot spot."""

    reach_m: float = 120.0  # issues so far apart belong together
    least: int = 5  # issues: fewer are no hot spot
    most: int = 5  # spots told


def hot_spots(cells: pd.DataFrame, sought: Sought | None = None) -> pd.DataFrame:
    """Return the hottest places, the one with most issues first.

    Parameters
    ----------
    cells
        `lon`, `lat` (EPSG:4326), `n` issues of the period, `before` of the period before it.

    Returns
    -------
    DataFrame
        `lon`, `lat` (its densest place), `n`, `before` (inside the same outline), `reach_m` (how
        far the outline goes from there).

    >>> here = pd.DataFrame({"lon": [117.0] * 2, "lat": [36.6, 36.6001], "n": [9, 9], "before": 1})
    >>> hot_spots(here)[["n", "before"]].to_numpy().tolist()
    [[18, 2]]
    """
    wanted = sought or Sought()
    held = cells[cells["n"] + cells["before"] > 0].reset_index(drop=True)
    if not held["n"].sum():
        return pd.DataFrame(columns=list(_COLUMNS))
    found, near = _clustered(held, wanted)
    inside = [found == label for label in range(int(found.max()) + 1)]
    enough = [own for own in inside if held["n"][own].sum() >= wanted.least]
    hot = pd.DataFrame([_told(held, near, own) for own in enough], columns=list(_COLUMNS))
    return hot.sort_values(["n", "lon"], ascending=[False, True], ignore_index=True).head(
        wanted.most
    )


def _clustered(cells: pd.DataFrame, sought: Sought) -> tuple[npt.NDArray[np.int64], Figures]:
    """Return the spot of each cell, -1 for none, and how many issues lie within its reach."""
    warnings.filterwarnings("ignore", _CORES)
    from sklearn.cluster import DBSCAN  # noqa: PLC0415 a second of loading: by whoever asks first
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415 the same

    places, weights = _metres(cells), cells["n"].to_numpy(np.float64)
    graph = (
        NearestNeighbors(radius=sought.reach_m)
        .fit(places)
        .radius_neighbors_graph(mode="distance", sort_results=True)
    )
    near = (graph > 0).astype(np.float64) @ weights + weights
    threshold = _dense_from(near[weights > 0], sought.least)
    clusters = DBSCAN(eps=sought.reach_m, min_samples=threshold, metric="precomputed")
    return clusters.fit_predict(graph, sample_weight=weights), near


def _dense_from(near: Figures, least: int) -> int:
    """Return how many issues within reach make a place dense: no more than the densest has."""
    unusual = near.mean() + _DEVIATIONS * near.std()
    return max(least, int(np.ceil(min(unusual, near.max()))))


def _metres(cells: pd.DataFrame) -> Figures:
    """Return places in metres, good within a city."""
    lon, lat = cells["lon"].to_numpy(np.float64), cells["lat"].to_numpy(np.float64)
    across = np.cos(np.radians(lat.mean())) * METRES_PER_DEGREE
    return np.column_stack([(lon - lon.mean()) * across, (lat - lat.mean()) * METRES_PER_DEGREE])


def _told(cells: pd.DataFrame, near: Figures, inside: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    own, dense = cells[inside], near[inside]
    # Most may lie round a place that had issues before and has none now: it is no heart.
    heart = own["n"].where(dense >= _HEART * dense[own["n"] > 0].max(), 0)
    lon, lat = (float(np.average(own[key], weights=heart)) for key in ("lon", "lat"))
    middle = pd.DataFrame({"lon": [lon], "lat": [lat]})
    places = _metres(pd.concat([own[["lon", "lat"]], middle]))
    reach = float(np.hypot(*(places[:-1] - places[-1]).T).max())
    return lon, lat, int(own["n"].sum()), int(own["before"].sum()), round(max(_LEAST_M, reach), 1)
