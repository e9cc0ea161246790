"""GeoPackages with a view that only a spatial database can ask."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def add_spatial_view(path: Path, table: str) -> bytes:
    """Give a GeoPackage of one layer the view `sizes` of it; return its bytes."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executescript(f"""
            create view sizes as select fid, geom, ST_Area(geom) as size from {table};
            insert into gpkg_contents (table_name, data_type, identifier, srs_id)
                select 'sizes', data_type, 'sizes', srs_id from gpkg_contents limit 1;
            insert into gpkg_geometry_columns
                select 'sizes', column_name, geometry_type_name, srs_id, z, m
                from gpkg_geometry_columns limit 1;
        """)
    return path.read_bytes()
