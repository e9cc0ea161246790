"""Layers of files as they are, by the importer's readers where names and texts need care."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.errors import BadPolygonsError, LayerNotNamedError, NoGeometryError
from geo.load import vectors
from geo.load.endings import reckoned
from geo.load.files import Source, opened
from geo.load.findings import Finding

# Shapefiles keep texts in an encoding that is not said or is a lie; archives hold them in folders.
CAREFUL: Final = (".shp", ".zip")
_SHOWN: Final = 10


def read_carefully(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    """Return a layer of a shapefile or an archive: own columns, texts decoded, own CRS.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read.
    LayerNotNamedError
        When there are several layers and none of them was named.
    NoGeometryError
        When the layer has no geometry.
    BadPolygonsError
        When a shape cannot be read.
    """
    with _layers(path) as layers:
        wanted = layer or (next(iter(layers)) if len(layers) == 1 else None)
        if wanted not in layers:
            raise LayerNotNamedError(path=path, found=", ".join(layers), option="--layer")
        source, name = layers[wanted]
        raw = vectors.read(source, name)
    if "geometry" not in raw.frame:
        raise NoGeometryError(path=path)
    _demand_read(raw.findings)
    frame = raw.frame.reset_index(drop=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=raw.crs)


def _demand_read(findings: tuple[Finding, ...]) -> None:
    """Refuse a layer of which a row would be lost: its households would be nobody's."""
    lost = [finding for finding in findings if finding.code == "geometry-unreadable"]
    if lost:
        rows = ", ".join(str(row) for finding in lost[:_SHOWN] for row in finding.rows)
        reason = f"{lost[0].values['reason_zh']} {lost[0].values['reason_en']}"
        raise BadPolygonsError(count=len(lost), rows=rows, reason=reason)


@contextmanager
def _layers(path: Path) -> Iterator[dict[str, tuple[Source, str]]]:
    """Give the layers of all files in an archive, or of the one file, by name."""
    with opened(path) as sources:
        yield {
            _shown(source, layer.name): (source, layer.name)
            for source in map(reckoned, sources)
            for layer in vectors.layers(source)
        }


def _shown(source: Source, name: str) -> str:
    """Return a layer's name; one that is only a file's private name is the file's own."""
    return Path(source.name).stem if name == source.path.stem else name
