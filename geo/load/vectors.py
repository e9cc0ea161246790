"""Layers of vector files, and each of them row by row, whatever the format."""

from __future__ import annotations

import re
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import pyogrio

from geo.load.companions import read_mapinfo, read_shapefile
from geo.load.encodings import decoded
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.outsized import demand_shapes, is_plain
from geo.load.readers import raw_layer, read_raw, reading

_TEXT_FORMATS: Final = ("geojson", "kml", "gml")
_ALONE: Final = ("shp", "tab", "mif")  # one layer, named as the file
_STYLE_TABLES: Final = ("layer_styles", "qgis_projects")


class LayerName(NamedTuple):
    """A layer of a file, and whether it has shapes."""

    name: str
    spatial: bool = True


def layers(source: Source) -> list[LayerName]:
    """Return the layers of a file, in its order; one of SQLite is `reckoned` before.

    Raises
    ------
    UnreadableFileError
        When the file is broken.
    """
    if source.format in _ALONE:
        return [LayerName(Path(source.name).stem)]
    with reading(source), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said once, when the layer is read
        pairs = pyogrio.list_layers(_in_utf8(source)[0])
    listed = [LayerName(str(name), kind is not None) for name, kind in pairs]
    return [layer for layer in listed if layer.name not in _STYLE_TABLES]


def read(source: Source, layer: str) -> RawLayer:
    """Return one layer as it is: own columns, rows from 1, shapes that can be read.

    Raises
    ------
    UnreadableFileError
        When the file is broken as a whole.
    """
    if source.format == "shp":
        return read_shapefile(source, layer)
    if source.format in _ALONE:
        return read_mapinfo(source, layer)
    path, said = _in_utf8(source)
    given = read_raw(replace(source, path=path), layer)
    return raw_layer(layer, given).saying(*said)


def _in_utf8(source: Source) -> tuple[Path, tuple[Finding, ...]]:
    """Return the path of a text format in UTF-8: itself, or a private copy and what is said."""
    if source.format not in _TEXT_FORMATS:
        return source.path, ()
    demand_shapes(source.path, source.format, source.name)
    if is_plain(source.path):
        return source.path, ()
    text, said = decoded(source.path.read_bytes())
    copy = Path(tempfile.mkdtemp(dir=source.folder)) / source.path.name
    declaration = re.compile(r'(<\?xml[^>]*encoding=["\'])[^"\']+')
    plain = declaration.sub(r"\g<1>UTF-8", text.replace("\0", ""), count=1)
    copy.write_text(plain, encoding="utf-8", errors="replace")
    return copy, said
