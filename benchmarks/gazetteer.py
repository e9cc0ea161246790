"""Addresses written in dirty ways: how many are found, how many wrongly, how many left undecided.

`python -m benchmarks.gazetteer` builds the generator's medium city, draws buildings from it, writes
the address of each in the ways people do, and asks the gazetteer. "Right" is taken by itself and in
the true grid, "wrong" taken and in another, the rest goes to the unclaimed queue with its
candidates. The last lines ask for places that are not in the gazetteer: every one taken is wrong
unless it lies in the same grid.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.city import build
from geo.gazetteer import Candidate, Gazetteer, taken
from geo.issues.policy import intake_policy
from geo.lookup import GridIndex
from geo.reference import code_history

_CHINESE: Final = "零一二三四五六七八九"
_PLACES: Final = "泉湖山文明新华建设和平光大东西南北中春秋金银玉"
Rng = np.random.Generator
Parts = dict[str, str]


def parts_of(address: str, name: str) -> Parts:
    """Return the parts of a generated address: 区, 街道, 社区, then road and estate, building."""
    head = address.removesuffix(name).strip()
    divisions, _, inner = head.partition(" ")
    met = re.match(r"(.+?区)(.+?(?:街道|镇))(.+)", divisions)
    district, subdistrict, community = met.groups() if met else ("", "", divisions)
    told = {"district": district, "subdistrict": subdistrict, "community": community}
    return {**told, "inner": inner, "building": name}


def whole(p: Parts, *levels: str) -> str:
    """Return an address with these levels of divisions."""
    return "".join(p[level] for level in levels) + p["inner"] + p["building"]


ALL: Final = ("district", "subdistrict", "community")


def _slip(text: str, rng: Rng) -> str:
    """Return text with one Chinese letter of its first half replaced."""
    spots = [k for k, letter in enumerate(text[: max(len(text) // 2, 2)]) if letter >= "一"]
    if not spots:
        return text
    k = int(rng.choice(spots))
    return text[:k] + str(rng.choice(list(_PLACES))) + text[k + 1 :]


def _chinese(text: str) -> str:
    """Return text with each short number before 号 in Chinese."""

    def said(met: re.Match[str]) -> str:
        n = int(met[0])
        tens, ones = divmod(n, 10)
        if n < 10:  # noqa: PLR2004
            return _CHINESE[n]
        return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")

    return re.sub(r"(?<!\d)\d{1,2}(?=号)", said, text)


DIRTY: Final[dict[str, Callable[[Parts, Rng], str]]] = {
    "as it is written": lambda p, _: whole(p, *ALL),
    "province and city before it": lambda p, _: "山东省济南市" + whole(p, *ALL),
    "district only": lambda p, _: whole(p, "district"),
    "no divisions": lambda p, _: whole(p),
    "no community": lambda p, _: whole(p, "district", "subdistrict"),
    "full-width, blanks": lambda p, _: re.sub(r"(?<=\D)(?=.)", " ", whole(p, *ALL)).translate(
        {ord(c): ord(c) + 0xFEE0 for c in "0123456789"}
    ),
    "unit and room": lambda p, r: whole(p, *ALL) + f"{r.integers(1, 5)}单元{r.integers(101, 999)}",
    "栋 for 号楼": lambda p, _: whole(p, *ALL).replace("号楼", "栋"),
    "# for 号楼, room by dashes": lambda p, r: whole(p, *ALL).replace("号楼", "#楼")
    + f"-{r.integers(1, 5)}-{r.integers(101, 999)}",
    "Chinese numbers": lambda p, _: _chinese(whole(p, *ALL)),
    "街道办事处 and 居委会": lambda p, _: p["district"] + p["subdistrict"] + "办事处"
    + p["community"] + "居委会" + p["inner"] + p["building"],
    "no building": lambda p, _: whole({**p, "building": ""}, *ALL),
    "no building, door of": lambda p, _: whole({**p, "building": ""}, "district") + "门口",
    "near it": lambda p, _: whole({**p, "building": ""}, *ALL) + "附近",
    "punctuation": lambda p, _: "，".join([*(p[x] for x in ALL), p["inner"], p["building"]]),
    "a slip of the pen": lambda p, r: whole({**p, "inner": _slip(p["inner"], r)}, *ALL),
    "another number": lambda p, r: "".join(p[x] for x in ALL)
    + re.sub(r"\d+", lambda _: str(r.integers(300, 900)), p["inner"], count=1) + p["building"],
    "another subdistrict": lambda p, _: p["district"] + "洪家楼街道" + p["inner"] + p["building"],
    "another city": lambda p, _: "青岛市市南区" + p["inner"] + p["building"],
}  # fmt: skip


class Measured(NamedTuple):
    """Shares right, wrong, undecided with the true one listed, and without; what was wrong."""

    shares: tuple[float, float, float, float]
    wrong: list[tuple[str, Candidate]]
    each_ms: float


def measured(gazetteer: Gazetteer, rows: pd.DataFrame, grids: GridIndex, way: str) -> Measured:
    """Return how buildings are found by their addresses written in one way."""
    rng, rules = np.random.default_rng(7), intake_policy().address
    wrong: list[tuple[str, Candidate]] = []
    right = listed = 0
    started = time.process_time()
    for row in rows.itertuples(index=False):
        text = DIRTY[way](parts_of(row.address, row.name), rng)
        found = gazetteer.search(text, rules)
        one = taken(found, rules)
        if one is None:
            listed += any(_owner(grids, c) == row.owner for c in found)
        elif _owner(grids, one) == row.owner:
            right += 1
        else:
            wrong.append((text, one))
    n = len(rows)
    shares = right / n, len(wrong) / n, listed / n, (n - right - len(wrong) - listed) / n
    return Measured(shares, wrong, (time.process_time() - started) / n * 1000)


def _owner(grids: GridIndex, one: Candidate) -> str | None:
    owner: str | None = grids.locate(one.lon, one.lat)
    return owner


def main() -> None:
    """Print a line for each way of writing."""
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--size", default="medium")
    args.add_argument("--asked", type=int, default=1500)
    args.add_argument("--show", type=int, default=0, help="wrong ones shown")
    chosen = args.parse_args()
    made = build(chosen.size, 2)
    areas, places = made.areas, made.places
    started = time.process_time()
    whole_city = Gazetteer(areas, places, code_history())
    spent = time.process_time() - started
    print(f"{len(places):,} places → {len(whole_city):,} sites: {spent:.1f} s CPU")
    grids = GridIndex(areas[areas["kind"] == "grid"].set_index("code")[["special", "geometry"]])
    asked = places[places["address"].str.strip() != ""].sample(chosen.asked, random_state=1)
    owner = grids.locate(asked.geometry.x.to_numpy(), asked.geometry.y.to_numpy())
    rows = pd.DataFrame(asked[["code", "name", "address", "estate"]]).assign(owner=owner)
    print(f"{'':36}{'right':>8}{'wrong':>8}{'listed':>8}{'lost':>8}{'ms':>8}")
    for name in DIRTY:
        _print(name, measured(whole_city, rows, grids, name), chosen.show)
    gone = rows[rows["code"].isin(_gone(rows))]
    left = places[~places["code"].isin(_all_of(places, gone))]
    without = Gazetteer(_without(areas, gone), left, code_history())
    for name in ("as it is written", "no divisions", "no building", "a slip of the pen"):
        _print(f"unknown: {name}", measured(without, gone, grids, name), chosen.show)


def _print(name: str, found: Measured, show: int) -> None:
    print(f"{name:36}" + "".join(f"{x:8.2%}" for x in found.shares) + f"{found.each_ms:8.2f}")
    for text, one in found.wrong[:show]:
        print("    ", text, "→", one.title, one.score, one.kind)


def _gone(rows: pd.DataFrame) -> list[str]:
    return list(rows.sample(frac=0.4, random_state=2)["code"])


def _all_of(places: gpd.GeoDataFrame, gone: pd.DataFrame) -> pd.Series:
    """Return the codes of all buildings at the doors and in the estates of these."""
    heads = {
        address.removesuffix(name)
        for address, name in zip(gone["address"], gone["name"], strict=True)
    }
    own = [
        a.removesuffix(n) in heads for a, n in zip(places["address"], places["name"], strict=True)
    ]
    estate = places["estate"].isin(gone["estate"].dropna())
    return places.loc[np.array(own) | estate.to_numpy(), "code"]


def _without(areas: gpd.GeoDataFrame, gone: pd.DataFrame) -> gpd.GeoDataFrame:
    return areas[~areas["code"].isin(gone["estate"].dropna())]


if __name__ == "__main__":
    main()
