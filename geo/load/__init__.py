"""Files in, frames and findings out: every defect is a row of a report.

The order: open and list layers (`files`, `archives`) → decode (`vectors`, `tables`, `ledgers`,
`osm`, `encodings`) → columns to the contract (`columns`, `values`, `fillings`) → coordinate system
(`positions`, `projections`) → datum (`datums`) → rows (`codes`, `points` or `polygons`, then
`coverage`) → the contract.

What the row checks get: a frame with the contract's columns and either `geometry` in degrees
(already reprojected, lon then lat, not yet shifted by the datum) or, for a table, `lon` and `lat`
as they were typed. What they give back: the rows that can be used, `geometry` in EPSG:4326 and
WGS 84, and the findings; a row left out has a finding that is "quarantined".
"""

from __future__ import annotations

from pathlib import Path

from geo.load.findings import Finding, Loaded, Noun, RawLayer, ReadOptions, Report

__all__ = ["Finding", "Loaded", "Noun", "RawLayer", "ReadOptions", "Report", "read", "together"]


def read(path: Path, noun: Noun, options: ReadOptions) -> tuple[Loaded, ...]:
    """Return what a file holds of a noun, one result a layer taken; see `reading.read`."""
    from geo.load import reading  # noqa: PLC0415 the readers of all formats: only for files

    return reading.read(path, noun, options)


def together(layers: tuple[Loaded, ...], noun: Noun, options: ReadOptions) -> tuple[Loaded, ...]:
    """Return the layers of several files; see `reading.together`."""
    from geo.load import reading  # noqa: PLC0415 as above

    return reading.together(layers, noun, options)
