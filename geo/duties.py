"""Who holds which duty, and the lane whose street manager is nearest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer
from rtree.index import Index, Property

from geo.crs import WGS84, Degrees, metric_crs
from geo.frames import DUTIES, conform

_FEW: Final = 1_000  # of so many the grouping costs more than a loop
_MILLIMETRE: Final = 3  # decimals; distances that agree to it are a tie
_A_LITTLE_MORE: Final = 1.000001  # for what rounding takes off a box's edge


def holders(duties: pd.DataFrame, role: str, area_codes: Sequence[str] | pd.Series) -> pd.Series:
    """Return the party that holds a role on each area: text, missing where nobody does.

    Of several holders the leading one comes first, then the lowest party code by bytes. Duties
    bound to one service belong to the responsibility list and are left out.

    Parameters
    ----------
    duties
        By the contract DUTIES.
    area_codes
        Codes, repeats and missing ones allowed; the answer is aligned with them.

    >>> duties = pd.DataFrame({"party": ["p2", "p1"], "role": "grid_worker", "area": "g"})
    >>> holders(duties, "grid_worker", ["g", "h"]).tolist()
    ['p1', nan]
    """
    held = conform(duties, DUTIES)
    held = held[(held["role"] == role) & held["area"].notna() & held["service"].isna()]
    # Code points, which is how Python compares text, come in the order of their UTF-8 bytes.
    ranked = held.astype({"party": "object"}).sort_values(
        ["lead", "party"], ascending=[False, True]
    )
    first = ranked.drop_duplicates("area").set_index("area")["party"]
    codes = pd.Series(area_codes, dtype="str")
    return codes.map(first).astype("str")


def nearest_lane(
    lon: ArrayLike, lat: ArrayLike, subdistricts: Sequence[str | None], lanes: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return for each point the nearest lane of its subdistrict: `lane`, `lane_distance_m`.

    See `LaneIndex.nearest`; build that once to ask more than once.
    """
    return LaneIndex.of(lanes).nearest(lon, lat, subdistricts)


@dataclass(frozen=True)
class LaneIndex:
    """Lanes in metres, an R-tree for each subdistrict."""

    blocks: Mapping[str, _Lanes]
    project: Transformer
    within: float = np.inf

    @classmethod
    def of(cls, lanes: gpd.GeoDataFrame, within: float = np.inf) -> LaneIndex:
        """Return an index of lanes: `code` (or the index), `parent` = subdistrict, lines or areas.

        Lanes without geometry or subdistrict are nobody's nearest and left out; none is further
        than `within` metres.
        """
        drawn = by_code(lanes).to_crs(WGS84)
        drawn = drawn[~(drawn.geometry.isna() | drawn.geometry.is_empty)]
        west, south, east, north = drawn.total_bounds if len(drawn) else (0.0,) * 4
        known = drawn[drawn["parent"].notna()]
        known = known.iloc[sorted(range(len(known)), key=known.index.tolist().__getitem__)]
        metres = metric_crs((west + east) / 2, (south + north) / 2)
        project = Transformer.from_crs(WGS84, metres, always_xy=True)
        shapes = shapely.transform(known.geometry.to_numpy(), project.transform, interleaved=False)
        codes, members = known.index.to_numpy(object), _members(known["parent"])
        blocks = {name: _Lanes.of(codes[rows], shapes[rows]) for name, rows in members.items()}
        return cls(blocks, project, within)

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, subdistricts: Sequence[str | None] | pd.Series
    ) -> pd.DataFrame:
        """Return for each point the nearest lane of its subdistrict: `lane`, `lane_distance_m`.

        Parameters
        ----------
        lon, lat, subdistricts
            One-dimensional, of one length. Where a coordinate is not finite, the subdistrict is
            missing or has no lanes, or none within reach, both columns are missing.

        Returns
        -------
        DataFrame
            Distances in metres, to the millimetre; of lanes at one distance, the lowest code.
        """
        lon, lat = (np.atleast_1d(np.asarray(v, np.float64)) for v in (lon, lat))
        x, y = self.project.transform(lon, lat)
        wanted = pd.Series(subdistricts, dtype="object").reset_index(drop=True)
        members = _members(wanted.where(np.isfinite(x) & np.isfinite(y)))
        lane, distance = self._closest(x, y, members)
        return pd.DataFrame({"lane": pd.array(lane, "str"), "lane_distance_m": distance})

    def codes(
        self, lon: Degrees, lat: Degrees, subdistricts: Sequence[str | None]
    ) -> list[str | None]:
        """Return the code of the lane that `nearest` finds for each of a few points.

        Without frames: for ten points they take longer than looking.
        """
        x, y = self.project.transform(lon, lat)
        known = (np.isfinite(x) & np.isfinite(y)).tolist()
        members = _listed(
            name if at else None for name, at in zip(subdistricts, known, strict=True)
        )
        lane, _ = self._closest(x, y, members)
        return [code if isinstance(code, str) else None for code in lane.tolist()]

    def _closest(
        self, x: Degrees, y: Degrees, members: Mapping[str, NDArray[np.intp]]
    ) -> tuple[NDArray[np.object_], Degrees]:
        """Return the nearest lane of each point (in metres) and its distance; nan where none is.

        Parameters
        ----------
        members
            Which points lie in each subdistrict.
        """
        lane, distance = np.full(len(x), np.nan, object), np.full(len(x), np.nan)
        for name in members.keys() & self.blocks.keys():
            rows = members[name]
            at = np.column_stack([x[rows], y[rows]])
            lane[rows], distance[rows] = self.blocks[name].closest(at)
        beyond = distance > self.within
        lane[beyond] = distance[beyond] = np.nan
        return lane, distance


@dataclass(frozen=True)
class _Lanes:
    """The lanes of one subdistrict."""

    codes: NDArray[np.object_]  # ascending by bytes, so that of two at a tie the lower comes first
    shapes: NDArray[np.object_]
    tree: Index

    @classmethod
    def of(cls, codes: NDArray[np.object_], shapes: NDArray[np.object_]) -> _Lanes:
        west, south, east, north = shapely.bounds(shapes).T
        boxes = np.column_stack([west, south]), np.column_stack([east, north])
        return cls(codes, shapes, Index((np.arange(len(codes)), *boxes), properties=_small_nodes()))

    def closest(self, at: Degrees) -> tuple[NDArray[np.object_], Degrees]:
        """Return the code and distance of the lane closest to each point.

        The lane of the nearest box need not be the nearest lane, but none farther away can be: so
        every lane whose box comes as near is measured.
        """
        points = shapely.points(at)
        guess, _ = self.tree.nearest_v(at, at, num_results=1, strict=True)  # type: ignore[no-untyped-call]
        reach = shapely.distance(points, self.shapes[guess])[:, None] * _A_LITTLE_MORE
        candidates, counts = self.tree.intersection_v(at - reach, at + reach)  # type: ignore[no-untyped-call]
        point = np.repeat(np.arange(len(at)), counts.astype(np.intp))
        apart = shapely.distance(points[point], self.shapes[candidates]).round(_MILLIMETRE)
        order = np.lexsort((candidates, apart, point))
        first = order[np.searchsorted(point, np.arange(len(at)))]
        return self.codes[candidates[first]], apart[first]


def by_code(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas indexed by code, whether `code` is a column or the index already."""
    return areas.set_index("code") if "code" in areas.columns else areas


def _members(names: pd.Series) -> dict[str, NDArray[np.intp]]:
    """Return the positions of each name; missing ones are in none."""
    if len(names) > _FEW:
        return {str(name): rows for name, rows in names.groupby(names).indices.items()}
    return _listed(names.tolist())


def _listed(names: Iterable[object]) -> dict[str, NDArray[np.intp]]:
    found: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if isinstance(name, str):
            found.setdefault(name, []).append(row)
    return {name: np.array(rows, np.intp) for name, rows in found.items()}


def _small_nodes() -> Property:
    # Measured over 250 lanes a tree: nodes of 8 answer three times as fast as those of 100.
    return Property(leaf_capacity=8, index_capacity=8, near_minimum_overlap_factor=4)
