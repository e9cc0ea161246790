"""What rows do not say themselves: net, kind, source, codes; filled by rule and always said."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import UnknownChoiceError
from geo.frames import AREA_KINDS, NETS, PARTY_KINDS, PLACE_KINDS
from geo.load.findings import Finding, Noun, RawLayer, ReadOptions
from geo.reference import sources

# Digits of a national code → the kind of area it names.
_KIND_OF_DIGITS: Final = {
    4: "city",
    6: "district",
    9: "subdistrict",
    12: "community",
    15: "grid",
}
_NET_OF_KIND: Final = {
    **dict.fromkeys(("city", "district", "subdistrict", "community"), "admin"),
    **dict.fromkeys(("road", "rail", "water", "green"), "base"),
    "grid": "grid",
    "lane": "lane",
    "estate": "estate",
}
_PLACEHOLDER: Final = "grid"
_POSITIONS: Final = frozenset({"geometry", "lon", "lat", "location", "wkt"})
_DECIMALS: Final = 7  # a centimetre: the same place exported twice gets the same code
_HASH_LENGTH: Final = 10


def filled(layer: RawLayer, noun: Noun, options: ReadOptions) -> RawLayer:
    """Return the layer with net, kind and source of every row, as said, inferred or asked.

    Raises
    ------
    UnknownChoiceError
        When an option names none of the allowed values.
    """
    _check(options)
    if noun in ("areas", "lanes"):
        return _area_filled(layer, noun, options)
    fillers = {
        "places": _place_filled,
        "issues": _issue_filled,
        "parties": _party_filled,
        "duties": _duty_filled,
    }
    return fillers[noun](layer, options) if noun in fillers else layer


def coded(layer: RawLayer, noun: Noun) -> RawLayer:
    """Return the layer with codes made from place and name where there is no column of codes.

    The same row gives the same code in any order of rows, so importing again changes nothing.
    """
    column = "reference" if noun == "issues" else "code"
    if noun in ("parties", "duties", "services") or column in layer.frame.columns:
        return layer
    made = _made(layer.frame)
    if made.empty:
        return layer
    said = "references-made" if noun == "issues" else "codes-made"
    values = {"count": len(made), "example": made.iloc[0]}
    return replace(layer, frame=layer.frame.assign(**{column: made})).saying(
        Finding(said, values=values)
    )


def shaped(layer: RawLayer, options: ReadOptions) -> RawLayer:
    """Return a ledger of areas with the shapes of known areas that have its codes.

    Only of areas (they name their net), and only where rows say no position themselves.
    """
    known, columns = options.known, set(layer.frame.columns)
    if known is None or not {"code", "net"} <= columns or columns & _POSITIONS:
        return layer
    shapes = known.drop_duplicates("code").set_index("code").geometry
    found = layer.frame["code"].map(shapes.to_dict())
    lost = layer.frame.index[found.isna()]
    said = [_not_known(int(row), layer.frame.loc[row, "code"]) for row in lost]
    said.append(Finding("geometry-known", values={"count": len(found) - len(lost)}))
    series = gpd.GeoSeries(found.to_numpy(object), index=layer.frame.index, crs=known.crs)
    frame = gpd.GeoDataFrame(layer.frame, geometry=series).drop(index=lost)
    return replace(layer, frame=frame, crs=known.crs, datum="wgs84").saying(*said)


def _not_known(row: int, code: object) -> Finding:
    return Finding("geometry-not-known", [row], values={"found": code})


def _check(options: ReadOptions) -> None:
    lists = (
        ("--kind", options.kind, (*AREA_KINDS, *PLACE_KINDS, *PARTY_KINDS)),
        ("--source", options.source, tuple(sources())),
    )
    for option, found, known in lists:
        if found is not None and found not in known:
            raise UnknownChoiceError(option=option, found=found, known=", ".join(known))
    if options.net and options.net not in NETS and not options.net.startswith("dept-"):
        names = ", ".join((*NETS, "dept-…"))
        raise UnknownChoiceError(option="--net", found=options.net, known=names)


def _area_filled(layer: RawLayer, noun: Noun, options: ReadOptions) -> RawLayer:
    frame = layer.frame
    kinds = _column(frame, "kind")
    kinds = kinds.fillna(options.kind or ("lane" if noun == "lanes" else None))
    by_net = "grid" if (options.net or "").startswith("dept-") else None
    kinds = kinds.fillna(by_net)
    inferred = kinds.isna()
    kinds = kinds.fillna(_kind_by_code(_column(frame, "code")))
    unknown = kinds.isna()
    if "code" in frame.columns:  # rows without a code are set aside anyway
        unknown &= frame["code"].notna() & (frame["code"] != "")
    kinds = kinds.fillna(_PLACEHOLDER)
    nets = _column(frame, "net").fillna(options.net).fillna(kinds.map(_NET_OF_KIND))
    done = replace(layer, frame=frame.assign(net=nets, kind=kinds))
    if unknown.any():
        return done.saying(Finding("kind-unknown", frame.index[unknown]))
    return done.saying(_by_digits(kinds[inferred])) if inferred.any() else done


def _by_digits(kinds: pd.Series) -> Finding:
    values = {
        "kind": "、".join(kinds.unique()),
        "reason_zh": "按编码位数",
        "reason_en": "by the digits of the code",
    }
    return Finding("kind-assumed", values=values)


def _kind_by_code(codes: pd.Series) -> pd.Series:
    digits = codes.where(codes.str.fullmatch(r"\d+", na=False))
    return digits.str.len().map(_KIND_OF_DIGITS).astype("str")


def _place_filled(layer: RawLayer, options: ReadOptions) -> RawLayer:
    kinds = _column(layer.frame, "kind").fillna(options.kind)
    if not kinds.isna().any():
        return replace(layer, frame=layer.frame.assign(kind=kinds))
    values = {"kind": "building", "reason_zh": "默认为楼栋", "reason_en": "the default for places"}
    said = Finding("kind-assumed", values=values)
    return replace(layer, frame=layer.frame.assign(kind=kinds.fillna("building"))).saying(said)


def _issue_filled(layer: RawLayer, options: ReadOptions) -> RawLayer:
    sources = _column(layer.frame, "source").fillna(options.source)
    if not sources.isna().any():
        return replace(layer, frame=layer.frame.assign(source=sources))
    said = Finding("source-assumed", values={"source": "batch"})
    return replace(layer, frame=layer.frame.assign(source=sources.fillna("batch"))).saying(said)


def _party_filled(layer: RawLayer, options: ReadOptions) -> RawLayer:
    kinds = _column(layer.frame, "kind")
    unknown = kinds.index[kinds.isna()] if options.kind is None else []
    done = replace(layer, frame=layer.frame.assign(kind=kinds.fillna(options.kind or "person")))
    if not len(unknown):
        return done
    return done.saying(Finding("party-kind-unknown", unknown, values={"count": len(unknown)}))


def _duty_filled(layer: RawLayer, options: ReadOptions) -> RawLayer:
    """Return duties with the net of their area, as known or by the digits of its code."""
    frame = layer.frame
    areas, nets = _column(frame, "area"), _column(frame, "net").fillna(options.net)
    lacking = areas.notna() & nets.isna()
    by_code = _nets_of(options.known)
    meant = (
        areas[lacking]
        .map(by_code)
        .astype("str")
        .fillna(_kind_by_code(areas[lacking]).map(_NET_OF_KIND))
    )
    filled_in, unknown = meant.dropna(), meant.index[meant.isna()]
    said = []
    if len(filled_in):
        values = {"count": len(filled_in), "nets": "、".join(sorted(filled_in.unique()))}
        said.append(Finding("net-assumed", filled_in.index, values=values))
    if len(unknown):
        values = {"count": len(unknown), "found": areas[unknown[0]]}
        said.append(Finding("net-unknown", unknown, values=values))
    astray = areas.index[areas.notna() & ~areas.isin(list(by_code))] if by_code else []
    if len(astray):
        values = {"count": len(astray), "found": areas[astray[0]]}
        said.append(Finding("area-not-known", astray, values=values))
    whole = nets.fillna(meant).astype("str")
    return replace(layer, frame=frame.assign(net=whole)).saying(*said)


def _nets_of(known: gpd.GeoDataFrame | None) -> dict[str, str]:
    """Return the net of each code known; of one that several nets have, the first's."""
    if known is None:
        return {}
    first = known.drop_duplicates("code")
    return dict(zip(first["code"], first["net"], strict=True))


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name in frame.columns:
        return frame[name].astype("str")
    return pd.Series(np.nan, index=frame.index, dtype="str")


def _made(frame: pd.DataFrame) -> pd.Series:
    """Return a code a row: a digest of where it is and what it says; repeats are numbered."""
    texts = [_column(frame, c).fillna("") for c in ("name", "address", "text", "lon", "lat")]
    joined = pd.Series("", index=frame.index).str.cat(texts, sep="|")
    if "reported_at" in frame.columns:
        joined = joined + frame["reported_at"].astype("str").fillna("")
    shapes = [b""] * len(frame)
    if "geometry" in frame.columns:
        rounded = _rounded(frame.geometry.to_numpy())
        shapes = [b or b"" for b in shapely.to_wkb(rounded, output_dimension=2)]
    made = pd.Series(
        [_digest(text, shape) for text, shape in zip(joined, shapes, strict=True)],
        index=frame.index,
        dtype="str",
    )
    nth = made.groupby(made).cumcount()
    return made.where(nth == 0, made + "-" + (nth + 1).astype("str"))


def _rounded(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS)), dtype=object)


def _digest(text: str, shape: bytes) -> str:
    data = text.encode("utf-8", "replace") + shape
    return hashlib.sha256(data).hexdigest()[:_HASH_LENGTH].upper()
