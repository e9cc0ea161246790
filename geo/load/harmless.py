"""Files made to hurt whoever reads them, told by a look; for readers that take a file as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pyarrow as pa
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from geo.errors import BadPolygonsError
from geo.load.endings import reckoned
from geo.load.files import Format, Source, opened
from geo.load.outsized import demand_lines, demand_shapes
from geo.load.parquet import demand_small
from geo.load.reasons import unreadable
from geo.load.tangles import tangled
from geo.load.workbooks import readable

_SHOWN: Final = 10
# What readers raise that take a file as it is; the second line: where Parquet's description of its
# shapes, or of their system, is none.
BROKEN: Final = (
    *(DataSourceError, DataLayerError, pa.ArrowException, ShapelyError, OSError, ValueError),
    *(ProjError, RecursionError, TypeError, AttributeError, KeyError, NotImplementedError),
)


@contextmanager
def harmless(path: Path) -> Iterator[tuple[Source, ...]]:
    """Give the sources of a file, looked at before they are parsed; databases as `reckoned`.

    Raises
    ------
    ImportRefusedError
        A bomb, an endless view, a cell or a shape of megabytes: what there is too much of and
        where; or that the file is of a kind that is not read.
    """
    with opened(path) as sources:
        for source in sources:
            if source.format in _LOOKS:
                _LOOKS[source.format](source)
        yield tuple(map(reckoned, sources))


def demand_untangled(frame: gpd.GeoDataFrame) -> None:
    """Refuse shapes whose rings are too many, or cross too often, to be checked.

    Raises
    ------
    BadPolygonsError
        The rows (from 1), and why of the first.
    """
    found = tangled(frame.geometry.to_numpy())
    if found:
        rows = ", ".join(str(row + 1) for row in sorted(found)[:_SHOWN])
        raise BadPolygonsError(count=len(found), rows=rows, reason=" ".join(found[min(found)]))


def _small(source: Source) -> None:
    try:
        demand_small(source.path, source.name)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable(source.name, error) from error


def _shapes(source: Source) -> None:
    demand_shapes(source.path, source.format, source.name)


_LOOKS: Final[Mapping[Format, Callable[[Source], object]]] = MappingProxyType(
    {
        "csv": lambda source: demand_lines(source.path, source.name),
        "parquet": _small,
        "xlsx": lambda source: readable(source.path, source.name, source.folder),
        "geojson": _shapes,
        "kml": _shapes,
        "gml": _shapes,
    }
)
