"""The datum of positions, measured: the one under which named areas contain most of them.

WGS 84 and CGCS2000 differ by centimetres and cannot be told apart. Near borders only do the
datums disagree, so the records that do are compared pair by pair, and a difference that chance
could make is called none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import WGS84, Datum, Degrees, in_china_box, to_wgs84
from geo.load.codes import plain_name
from geo.load.repairs import Geometries, Mask
from geo.reference import code_history

Places: TypeAlias = NDArray[np.int64]

HYPOTHESES: Final[tuple[Datum, ...]] = ("wgs84", "gcj02", "bd09")
LABELS: Final[Mapping[Datum, str]] = {
    "wgs84": "wgs84/cgcs2000",
    "gcj02": "gcj02",
    "bd09": "bd09",
}
# A difference is believed when chance would make it less than once in twenty times, and when at
# least half of the records lie in the area they name.
_CHANCE: Final = 0.05
_CERTAIN, _CERTAIN_MARGIN = 1e-4, 0.2
_LEAST_SHARE: Final = 0.5
_MOST_RECORDS: Final = 20_000
# Names of these kinds are looked for inside longer text, an address for instance.
_KINDS_IN_TEXT: Final = ("subdistrict", "district")
_FEWEST_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class DatumVotes:
    """How many records lie in the area they name, under each datum.

    `records` could be compared; `best` is None when nothing could. `margin` is the difference of
    shares to the next best, `chance` how likely chance alone would make it.
    """

    records: int
    counts: Mapping[Datum, int]
    best: Datum | None
    margin: float
    chance: float
    confident: bool
    sentence: str
    sentence_zh: str

    @property
    def certain(self) -> bool:
        """Whether it speaks against what a person says: a chance of once in ten thousand."""
        return self.confident and self.chance < _CERTAIN and self.margin >= _CERTAIN_MARGIN

    @property
    def shares(self) -> dict[Datum, float]:
        """The counts as shares of the records compared."""
        return {datum: count / max(self.records, 1) for datum, count in self.counts.items()}


def detect(
    lon: ArrayLike, lat: ArrayLike, named: pd.Series | pd.DataFrame, areas: gpd.GeoDataFrame
) -> DatumVotes:
    """Return the votes for each datum.

    Parameters
    ----------
    lon, lat
        Degrees as the source has them; missing ones are passed over.
    named
        What each record says of where it is: codes, names or addresses, one column or several,
        the finest first.
    areas
        Areas known, in WGS 84, with `code` and `name` (contract AREAS).
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    usable = np.isfinite(x) & np.isfinite(y) & in_china_box(x, y)
    record, area = _matches(named, areas, usable)
    if len(record) == 0:
        return _nothing(usable)
    shapes = np.asarray(areas.geometry.to_crs(WGS84), dtype=object)
    shapely.prepare(shapes)
    records, place = np.unique(record, return_inverse=True)
    place = place.astype(np.int64)
    inside = {
        datum: _inside(to_wgs84(x[record], y[record], datum), shapes[area], place)
        for datum in HYPOTHESES
    }
    return _votes(inside, len(records))


def _inside(positions: tuple[Degrees, Degrees], shapes: Geometries, place: Places) -> Mask:
    """Tell which records lie in any of the areas they name."""
    hits = shapely.intersects_xy(shapes, *positions)
    return np.asarray(np.bincount(place, weights=hits) > 0, dtype=bool)


def _votes(inside: dict[Datum, Mask], records: int) -> DatumVotes:
    counts = {datum: int(mask.sum()) for datum, mask in inside.items()}
    first, second, _ = sorted(HYPOTHESES, key=lambda datum: -counts[datum])
    chance = max(_chance(inside[first], inside[d]) for d in HYPOTHESES if d != first)
    share = counts[first] / records
    confident = chance < _CHANCE and share >= _LEAST_SHARE
    margin = (counts[first] - counts[second]) / records
    shown = "，".join(f"{LABELS[d]} {counts[d] / records:.1%}" for d in HYPOTHESES)
    listed = shown.replace("，", ", ")
    verdict_zh = f"应为 {LABELS[first]}" if confident else "差别不足以判断，请指明坐标基准"
    verdict = f"it is {LABELS[first]}" if confident else "too close to tell: name the datum"
    return DatumVotes(
        records,
        counts,
        first,
        margin,
        chance,
        confident,
        f"Of {records} records that name an area, it contains: {listed}; {verdict}",
        f"{records} 条有地名的记录落在所称区域内的比例：{shown}；{verdict_zh}",
    )


def _chance(winner: Mask, loser: Mask) -> float:
    """Return how likely chance would favour the winner so among records that disagree.

    An exact sign test on the discordant pairs (McNemar's).
    """
    # A second or two of libraries, which only a datum that is measured is worth.
    from scipy.stats import binomtest  # noqa: PLC0415

    wins, losses = int((winner & ~loser).sum()), int((loser & ~winner).sum())
    if wins + losses == 0:
        return 1.0
    return float(binomtest(wins, wins + losses, 0.5, alternative="greater").pvalue)


def _nothing(usable: Mask) -> DatumVotes:
    """Return that nothing could be compared, and why."""
    zh = "没有写明所在区域的记录可以对照已知区域，无法测定，请指明坐标基准"
    en = "No record names a known area, so the datum cannot be measured: name it"
    if not usable.any():
        zh, en = "没有位于中国境内的坐标，无需区分基准", "No position lies in China: datums are one"
    zeros = dict.fromkeys(HYPOTHESES, 0)
    return DatumVotes(0, zeros, None, 0.0, 1.0, confident=False, sentence=en, sentence_zh=zh)


def _matches(
    named: pd.Series | pd.DataFrame, areas: gpd.GeoDataFrame, usable: Mask
) -> tuple[Places, Places]:
    """Return pairs of places: a record, and an area it may mean by what it says.

    Each record is matched by the first of its columns that names an area at all.
    """
    columns = named.to_frame() if isinstance(named, pd.Series) else named
    rows = np.flatnonzero(usable)
    rows = rows[:: max(1, -(-len(rows) // _MOST_RECORDS))]
    left = pd.DataFrame({"record": rows})
    found = []
    for column in columns.columns:
        words = columns[column].iloc[left["record"]].astype("str").to_numpy(dtype=object)
        pairs = _meant(pd.DataFrame({"record": left["record"], "word": words}), areas)
        found.append(pairs)
        left = left[~left["record"].isin(pairs["record"])]
    pairs = pd.concat(found) if found else pd.DataFrame({"record": [], "area": []})
    return pairs["record"].to_numpy(dtype=np.int64), pairs["area"].to_numpy(dtype=np.int64)


def _meant(said: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the areas that words mean: by code, by name, or by a name within the text."""
    said = said[said["word"].notna() & (said["word"] != "nan") & (said["word"] != "")]
    steps = (_by_code, _by_name, _within_text)
    found = []
    for step in steps:
        pairs = step(said, areas)
        found.append(pairs[["record", "area"]])
        said = said[~said["record"].isin(pairs["record"])]
    return pd.concat(found)


def _by_code(said: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Match codes; a finer code means the area whose code it begins with."""
    codes = _places(areas["code"].astype("str"))
    pairs = said.iloc[:0].assign(area=pd.Series(dtype="int64"))
    for digits in sorted(codes["key"].str.len().unique(), reverse=True):
        left = said[~said["record"].isin(pairs["record"])]
        left = left[left["word"].str.fullmatch(r"\d+[A-Za-z0-9]*")]
        keys = codes[codes["key"].str.len() == digits]
        met = left.assign(key=left["word"].str[:digits]).merge(keys, on="key")
        pairs = pd.concat([pairs, met[["record", "word", "area"]]])
    return pairs


def _by_name(said: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    today = code_history().set_index("old_name")["new_name"]
    words = said["word"].map(lambda word: today.get(word, word)).map(plain_name)
    return said.assign(key=words).merge(_names(areas), on="key")


def _within_text(said: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Match whole names of subdistricts, then of districts, inside an address."""
    pairs = said.iloc[:0].assign(area=pd.Series(dtype="int64"))
    for kind in _KINDS_IN_TEXT:
        chosen = areas["kind"] == kind if "kind" in areas.columns else areas["code"].notna()
        keys = _places(areas["name"].astype("str").where(chosen)).drop_duplicates("key", keep=False)
        keys = keys[keys["key"].str.len() > _FEWEST_LETTERS]
        left = said[~said["record"].isin(pairs["record"])]
        if keys.empty or left.empty:
            continue
        pattern = "|".join(sorted(map(re.escape, keys["key"]), key=len, reverse=True))
        met = left.assign(key=left["word"].str.extract(f"({pattern})", expand=False))
        pairs = pd.concat([pairs, met.merge(keys, on="key")[["record", "word", "area"]]])
    return pairs


def _names(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    return _places(areas["name"].astype("str").map(plain_name, na_action="ignore"))


def _places(keys: pd.Series) -> pd.DataFrame:
    """Return `key` and the place of the area that has it, without blanks."""
    table = pd.DataFrame({"key": keys.to_numpy(), "area": np.arange(len(keys))})
    return table[table["key"].notna() & (table["key"] != "")]
