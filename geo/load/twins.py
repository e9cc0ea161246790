"""Areas that appear twice: the same code, the same geometry, or both."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import Checked, accepted, place_of, rejected, shapes_of


def check(frame: gpd.GeoDataFrame, *, options: ReadOptions) -> Checked:
    """Return the areas once each: full repeats are out, doubtful ones wait for an answer.

    `frame` has valid geometries and, where there, `net` and `code`; the index is the source row.
    """
    checked = Checked(frame)
    for step in (_repeated_rows, _repeated_codes, _repeated_shapes):
        checked = checked.then(step(checked.frame, options))
    return checked


def _shape_keys(frame: gpd.GeoDataFrame) -> pd.Series:
    return pd.Series(shapely.to_wkb(shapely.normalize(shapes_of(frame))), index=frame.index)


def _code_keys(frame: gpd.GeoDataFrame) -> pd.Series:
    """Return net, kind and code as one text, missing where there is no code."""
    if "code" not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    parts = [frame[name].astype("str").fillna("") for name in ("net", "kind") if name in frame]
    keys = frame["code"].astype("str")
    for part in reversed(parts):
        keys = part + "/" + keys
    return keys


def _groups(keys: pd.Series) -> list[list[int]]:
    """Return the rows of each key that appears more than once."""
    repeated = keys[keys.notna() & keys.duplicated(keep=False)]
    return [rows.index.tolist() for _, rows in repeated.groupby(repeated, sort=False)]


def _repeated_rows(frame: gpd.GeoDataFrame, _: ReadOptions) -> Checked:
    codes, shapes = _code_keys(frame), _shape_keys(frame)
    both = pd.Series([*zip(codes, shapes, strict=True)], index=frame.index).where(codes.notna())
    findings = tuple(
        Finding("row-repeated", rows, values={"first": first}, place=_place(frame, first))
        for first, *rows in _groups(both)
    )
    return Checked(frame.drop(index=[row for f in findings for row in f.rows]), findings)


def _repeated_codes(frame: gpd.GeoDataFrame, options: ReadOptions) -> Checked:
    groups = _groups(_code_keys(frame))
    if options.parts:
        return _joined(frame, groups)
    findings = tuple(
        _asked(
            "code-repeated",
            rows,
            {"code": frame.loc[rows[0], "code"], "count": len(rows)},
            frame,
            options,
        )
        for rows in groups
    )
    return _settled(frame, findings)


def _joined(frame: gpd.GeoDataFrame, groups: list[list[int]]) -> Checked:
    """Return the frame with the rows of each group made one, at the place of its first.

    Their counts are summed; where all rows say the same, it is taken for that of the whole.
    """
    shapes, whole, said = frame.geometry.copy(), frame.copy(), []
    for rows in groups:
        shapes[rows[0]] = shapely.union_all(shapes[rows].to_numpy())
        for column in {"households", "people"} & set(frame.columns):
            counts = frame.loc[rows, column]
            alike = bool((counts == counts.iloc[0]).all())
            whole.loc[rows[0], column] = counts.iloc[0] if alike else counts.sum()
        values = {"code": frame.loc[rows[0], "code"], "count": len(rows)}
        said.append(Finding("code-joined", rows, values=values, place=_place(frame, rows[0])))
    others = [row for rows in groups for row in rows[1:]]
    return Checked(whole.set_geometry(shapes).drop(index=others), tuple(said))


def _repeated_shapes(frame: gpd.GeoDataFrame, options: ReadOptions) -> Checked:
    keys = _shape_keys(frame)
    if {"net", "kind"} <= set(frame.columns):
        keys = pd.Series([*zip(frame["net"], frame["kind"], keys, strict=True)], index=keys.index)
    findings = tuple(
        _asked("geometry-repeated", rows, _shape_values(frame, rows), frame, options)
        for rows in _groups(keys)
    )
    return _settled(frame, findings)


def _shape_values(frame: gpd.GeoDataFrame, rows: list[int]) -> dict[str, object]:
    codes = frame.loc[rows, "code"].astype("str") if "code" in frame.columns else []
    return {"first": rows[0], "codes": ", ".join(codes) or "—"}


def _asked(
    code: str,
    rows: list[int],
    values: dict[str, object],
    frame: gpd.GeoDataFrame,
    options: ReadOptions,
) -> Finding:
    """Return the question, or what becomes of its rows once it is answered."""
    severity: Severity | None = None
    if accepted(options, code):
        rows, severity = rows[1:], "quarantined"
    if rejected(options, code):
        severity = "quarantined"
    place = _place(frame, rows[0])
    return Finding(code, rows, values=values, place=place, severity=severity)


def _settled(frame: gpd.GeoDataFrame, findings: tuple[Finding, ...]) -> Checked:
    """Return the frame without the rows set aside and without those that wait (all but one)."""
    aside = [row for f in findings if f.severity == "quarantined" for row in f.rows]
    held = [row for f in findings if f.severity == "question" for row in f.rows[1:]]
    return Checked(frame.drop(index=[*aside, *held]), findings, tuple(held))


def _place(frame: gpd.GeoDataFrame, row: int) -> tuple[float, float] | None:
    return place_of(frame.geometry[row])
