"""What is to be said of rows that are used as they are, though something in them is odd."""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.atoms import Borders
from geo.redraw.codes import LAST_NUMBER
from geo.redraw.columns import Columns, flags, kinds, rules_named, texts, weights
from geo.redraw.inputs import Atoms
from geo.redraw.numbers import count_grids
from geo.redraw.state import Flags
from geo.rules import Rules

Texts = NDArray[np.object_]

REMARK_COLUMNS: Final = ("kind", "name", "within", "rows", "households", "zh", "en")
_SHOWN: Final = 8  # communities of one estate
_DEGREES: Final = (180.0, 90.0, 180.0, 90.0)  # at most, in a box of coordinates


class _Sentence(NamedTuple):
    zh: str
    en: str


# In the order in which they are told.
REMARKS: Final[dict[str, _Sentence]] = {
    "no_system": _Sentence(
        "{rows} 行（社区 {within}）没有坐标系，坐标又都在经纬度的范围内：按米计算；如果是经纬度，"
        "请先写明坐标系（文本表用 --datum）",
        "{rows} rows (communities {within}) name no coordinate system, and all coordinates could "
        "be degrees: taken as metres; if they are degrees, name their system first (of a text "
        "table: --datum)",
    ),
    "metres": _Sentence(
        "{rows} 行（社区 {within}）没有坐标系：按米计算，结果也不带坐标系；"
        "请先给文件写明坐标系（.prj）",
        "{rows} rows (communities {within}) name no coordinate system: taken as metres, and the "
        "plan has none either; name the system of the file (.prj) first",
    ),
    "slits": _Sentence(
        "社区 {within} 有 {rows} 对地块之间只有不到 10 厘米的缝，按相邻处理；"
        "缝不计入任何网格的边界",
        "in communities {within} {rows} pair(s) of atoms are parted by slits below 10 cm: taken as "
        "neighbours; slits are no border of a grid",
    ),
    "bridges": _Sentence(
        "社区 {within} 的地块或小区不相连：补了 {rows} 处连接，网格可以跨过去；见报告的 bridges",
        "atoms or estates of communities {within} are not in one piece: {rows} bridge(s) were "
        "made, which grids may cross; see bridges in the report",
    ),
    "many_grids": _Sentence(
        "社区 {within} 有 {rows} 个网格，三位序号不够：从第 1000 个起编码长一位；"
        "请先分社区（--within）再划",
        "community {within} has {rows} grids, more than three digits can number: from the 1000th "
        "on codes are longer; name communities (--within) first",
    ),
    "many_grids_ahead": _Sentence(
        "社区 {within} 约要划成 {rows} 个网格，三位序号不够：从第 1000 个起编码会长一位；"
        "如果不是有意的，请现在中断，先分社区（--within）再划",
        "community {within} will have about {rows} grids, more than three digits can number: from "
        "the 1000th on codes will be longer; unless this is meant, stop now and name communities "
        "(--within) first",
    ),
    "other_rule": _Sentence(
        "社区 {within} 的行写了不止一种规则（{name}）：按户数最多的后者划分，写前者的 {rows} 行"
        "（{households:g} 户）也按它；请改成一种，或分成两个社区",
        "rows of community {within} name more than one rule ({name}): the latter, of most "
        "households, holds for all, {rows} row(s) of the former too ({households:g} households); "
        "name one, or make two communities of it",
    ),
    "special_beside": _Sentence(
        "社区 {within} 有 {rows} 行（{households:g} 户）与专属网格的点在同一位置（第 {name} 行）："
        "地面分不开，都按户数最多的一行处理；要分开，请把点挪开",
        "{rows} row(s) of community {within}, {households:g} households, stand on one spot with "
        "a special grid (row {name}): their ground cannot be parted, all are what the heaviest is; "
        "move the points apart for two",
    ),
    "estate_across": _Sentence(
        "小区“{name}”（{households:g} 户）跨社区 {within}：在每个社区内各自保持完整，"
        "不能归入同一网格；如要整体归一，请先调整社区边界",
        "estate '{name}' ({households:g} households) lies across communities {within}: it is kept "
        "whole in each, never in one grid; for that the communities' border has to move first",
    ),
    "spot_elsewhere": _Sentence(
        "社区 {name} 有 {rows} 行（{households:g} 户）的位置在社区 {within} 的地面上：归入本社区"
        "最近的网格，点落在该网格之外；请核对坐标或社区",
        "{rows} row(s) of community {name}, {households:g} households, stand on ground of "
        "{within}: they count in the nearest grid of their own, outside of which they lie; check "
        "where they are, or which community they name",
    ),
    "name_in_several": _Sentence(
        "小区名“{name}”（{households:g} 户）出现在互不相连的社区 {within}：按不同小区处理；"
        "如是同一小区，请核对社区",
        "the estate name '{name}' ({households:g} households) stands in communities {within}, in "
        "parts that do not touch: taken as different estates; if it is one, check the communities",
    ),
}


def remarks_of(
    frame: gpd.GeoDataFrame, columns: Columns, atoms: Atoms, links: Borders, grids: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return what is odd in rows of atoms, with the columns `REMARK_COLUMNS`.

    No coordinate system, atoms joined though they share no border (`links`), communities with more
    grids than three digits can number, and estates in several communities.
    """
    found = [*_no_system(frame, atoms), *_joined(atoms, links), *_many_grids(grids)]
    return told([*found, *rules_of_rows(frame, columns), *_estates(frame, columns, atoms)])


def rules_of_rows(frame: gpd.GeoDataFrame, columns: Columns) -> list[dict[str, object]]:
    """Return a remark for each rule that ordinary rows name beside the one of their community."""
    special = flags(frame, "special" if "special" in frame else None)
    home, homes = pd.factorize(texts(frame, columns.within), use_na_sentinel=False)
    weight = weights(frame[columns.weight], columns.weight)
    named = rules_named(frame, home, special, weight)
    holds = kinds(named, len(homes))
    return [
        {
            "kind": "other_rule", "name": f"{row.rule} ≠ {holds[row.home]}", "rows": row.rows,
            "within": "–" if pd.isna(homes[row.home]) else homes[row.home],
            "households": float(row.households),
        }
        for row in named.loc[named.duplicated("home")].itertuples()
    ]  # fmt: skip


def remarks_ahead(frame: gpd.GeoDataFrame, columns: Columns, rules: Rules) -> pd.DataFrame:
    """Return what can be told of rows, atoms or points, before anything is drawn of them.

    Communities that will have more grids than three digits can number; how many, without regard to
    estates and locks.

    Raises
    ------
    UnknownRuleError
        When the rules have no band for the kind of a community.
    """
    special = flags(frame, "special" if "special" in frame else None)
    home, homes = pd.factorize(texts(frame, columns.within), use_na_sentinel=False)
    weight = weights(frame[columns.weight], columns.weight)
    named = kinds(rules_named(frame, home, special, weight), len(homes))
    bands = [rules.band(rule) for rule in named]
    found: list[dict[str, object]] = []
    for town, load in pd.Series(weight[~special]).groupby(home[~special]):
        grids = count_grids(load.tolist(), bands[town], rules).numbers[0]
        if grids > LAST_NUMBER:
            name = "–" if pd.isna(homes[town]) else homes[town]
            told_of = {"kind": "many_grids_ahead", "name": "", "within": name, "rows": grids}
            found.append(told_of | {"households": float(load.sum())})
    return told(found)


def _joined(atoms: Atoms, links: Borders) -> list[dict[str, object]]:
    """Return a remark on slits, and one on made-up borders, where there are any."""
    kinds = {"slits": links.metres > 0, "bridges": links.metres == 0}
    return [
        {
            "kind": kind, "name": "", "rows": int(some.sum()), "households": 0.0,
            "within": _listed(atoms.homes[np.unique(atoms.home[links.left[some]])]) or "–",
        }
        for kind, some in kinds.items()
        if some.any()
    ]  # fmt: skip


def _many_grids(grids: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return a remark for each community with more grids than three digits can number."""
    load = grids.groupby("within")["households"].agg(["size", "sum"])
    return [
        {
            "kind": "many_grids", "name": "", "within": name or "–", "rows": size,
            "households": float(households),
        }
        for name, size, households in load.loc[load["size"] > LAST_NUMBER].itertuples()
    ]  # fmt: skip


def _no_system(frame: gpd.GeoDataFrame, atoms: Atoms) -> list[dict[str, object]]:
    """Return a remark where no system is named: metres, or where they can be so, degrees."""
    if frame.crs is not None:
        return []
    kind = "metres" if (np.abs(frame.total_bounds) > _DEGREES).any() else "no_system"
    within = _listed(atoms.homes[atoms.homes != ""]) or "–"
    load = float(atoms.weight.sum())
    return [{"kind": kind, "name": "", "within": within, "rows": len(frame), "households": load}]


def _estates(frame: gpd.GeoDataFrame, columns: Columns, atoms: Atoms) -> list[dict[str, object]]:
    """Return a remark for each estate that lies in more than one community."""
    here = np.flatnonzero((atoms.group >= 0) & ~atoms.special)
    group = atoms.group[here]
    pairs = np.unique(np.column_stack([group, atoms.home[here]]), axis=0)
    here = here[np.isin(group, np.flatnonzero(np.bincount(pairs[:, 0]) > 1))]
    across, named = _across(atoms), texts(frame, columns.groups)
    parts = pd.Series(here).groupby(atoms.group[here]).indices
    return [
        {
            "kind": "estate_across" if group in across else "name_in_several",
            "name": named[rows[0]],
            "within": _listed(atoms.homes[np.unique(atoms.home[rows])]),
            "rows": len(rows),
            "households": float(atoms.weight[rows].sum()),
        }
        for group, places in parts.items()
        for rows in (here[places],)
    ]


def _listed(names: Texts) -> str:
    """Return the first few of some names, and how many more there are."""
    more = f" … +{len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return ", ".join(map(str, names[:_SHOWN])) + more


def remarks_of_spots(
    points: gpd.GeoDataFrame, columns: Columns, owner: Texts, home: Texts
) -> pd.DataFrame:
    """Return a row for each two communities where points of one stand on ground of the other.

    `owner` is the community that has the ground of each point, `home` its own.
    """
    away = np.flatnonzero(owner != home)
    load = weights(points[columns.weight], columns.weight)[away]
    table = pd.DataFrame({"name": home[away], "within": owner[away], "households": load})
    found = table.groupby(["name", "within"], as_index=False)["households"].agg(["size", "sum"])
    found = found.rename(columns={"size": "rows", "sum": "households"})
    return told(found.assign(kind="spot_elsewhere").to_dict("records"))


def told(found: list[dict[str, object]]) -> pd.DataFrame:
    """Return remarks with their sentences, by kind, the weightiest first."""
    rows = [
        {**one, "zh": sentence.zh.format(**one), "en": sentence.en.format(**one)}
        for one in found
        for sentence in (REMARKS[str(one["kind"])],)
    ]
    return ordered(pd.DataFrame(rows, columns=list(REMARK_COLUMNS)))


def ordered(remarks: pd.DataFrame) -> pd.DataFrame:
    """Return remarks by kind, the weightiest first."""
    rank = remarks["kind"].map({kind: n for n, kind in enumerate(REMARKS)})
    rising = [True, False, True, True]
    return (
        remarks.assign(rank=rank)
        .sort_values(["rank", "households", "name", "within"], ascending=rising, ignore_index=True)
        .drop(columns="rank")
    )


def _across(atoms: Atoms) -> set[int]:
    """Return the groups that share a border with themselves in another community."""
    left, right = atoms.borders.left, atoms.borders.right
    same: Flags = (atoms.group[left] >= 0) & (atoms.group[left] == atoms.group[right])
    same &= (atoms.home[left] != atoms.home[right]) & (atoms.borders.metres > 0)
    same &= ~(atoms.special[left] | atoms.special[right])
    return set(np.unique(atoms.group[left[same]]).tolist())
