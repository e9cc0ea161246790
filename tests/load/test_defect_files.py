"""One file on disk for each defect of rows: the reader says it, and a clean one raises nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.load.drawn import areas, tiles
from tests.load.made import alarms, found, one, rows_of

TILES = tiles(4, jitter=20.0)
CORNERS = [(float(x), float(y)) for x, y in shapely.get_coordinates(TILES.geometry[6])]
ROW = 6  # the broken one


def crossed(_: shapely.Polygon) -> shapely.Polygon:
    return shapely.Polygon([CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]])


def spiked(_: shapely.Polygon) -> shapely.Polygon:
    (x, y), rest = CORNERS[1], CORNERS[2:]
    return shapely.Polygon([CORNERS[0], (x, y), (x + 0.02, y), (x, y + 1e-6), *rest])


def extra_vertex(_: shapely.Polygon) -> shapely.Polygon:
    (x, y), (x1, y1) = CORNERS[:2]
    return shapely.Polygon([CORNERS[0], ((x + x1) / 2, (y + y1) / 2), *CORNERS[1:]])


def parted(shape: shapely.Polygon) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shape, shapely.box(117.3, 36.9, 117.3001, 36.9001)])


def nudged(xy: np.ndarray) -> np.ndarray:
    return np.asarray(np.add(xy, [1e-5, 0.0]))


DEFECTS: tuple[tuple[str, str, Callable[[shapely.Polygon], shapely.Geometry | None]], ...] = (
    ("polygon-invalid", "repaired", crossed),
    ("geometry-missing", "quarantined", lambda _: None),
    ("geometry-missing", "quarantined", lambda _: shapely.Polygon()),
    ("geometry-type", "quarantined", shapely.centroid),
    ("geometry-z", "repaired", lambda shape: shapely.force_3d(shape, 9.0)),
    ("polygon-spike", "repaired", spiked),
    ("polygon-far-part", "info", parted),
    ("polygon-holes", "info", lambda shape: shape.difference(shape.centroid.buffer(4e-4))),
    ("vertices-repeated", "repaired", lambda _: shapely.Polygon([CORNERS[0], *CORNERS])),
    ("vertex-missing", "repaired", extra_vertex),
    ("overlap", "question", lambda shape: shape.buffer(3e-4)),
    ("overlap-sliver", "repaired", lambda s: shapely.transform(s, nudged)),
    ("gap-sliver", "repaired", lambda s: shapely.transform(s, nudged)),
)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
@pytest.mark.parametrize(("code", "severity", "broken"), DEFECTS)
def test_each_defect_of_a_shape_is_said(
    tmp_path: Path,
    code: str,
    severity: str,
    broken: Callable[[shapely.Polygon], shapely.Geometry | None],
    suffix: str,
) -> None:
    frame = TILES.copy()
    shapes = frame.geometry.to_numpy(dtype=object).copy()
    shapes[ROW - 1] = broken(shapes[ROW - 1])
    file = tmp_path / f"grids.{suffix}"
    frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)).to_file(file)
    loaded = one(file)
    told = [f for f in loaded.report.findings if f.code == code]
    assert told
    assert {f.severity for f in told} == {severity}
    assert all(f.zh and f.en for f in told)
    report = loaded.report
    assert report.used + report.quarantined + report.waiting == report.read == len(TILES)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb", "kml", "parquet"])
def test_a_clean_file_raises_no_alarm(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"grids.{suffix}"
    if suffix == "parquet":
        TILES.to_parquet(file)
    else:
        TILES.to_file(file, driver={"kml": "KML"}.get(suffix))
    loaded = one(file)
    assert alarms(loaded) == []
    assert len(loaded.frame) == len(TILES)


def test_clockwise_rings_of_a_geojson_are_remarked(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    TILES.set_geometry(TILES.geometry.reverse()).to_file(file)
    assert found(one(file)) == {"polygon-clockwise": 1}


def test_swapped_axes_of_a_layer_are_a_question(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    turned = shapely.transform(TILES.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    areas(list(turned), code=TILES["code"].to_numpy()).to_file(file)
    assert [f.code for f in one(file).questions] == ["polygon-swapped"]
    assert len(one(file, accept=frozenset({"swaps"})).frame) == len(TILES)


@pytest.mark.parametrize(
    ("codes", "slug"), [("duplicate", "code-repeated"), ("other", "geometry-repeated")]
)
def test_repeated_codes_and_shapes_are_questions(tmp_path: Path, codes: str, slug: str) -> None:
    file = tmp_path / "a.gpkg"
    extra = TILES.iloc[[0]].assign(code="99999") if codes == "other" else TILES.iloc[[0]]
    frame = pd.concat([TILES, extra], ignore_index=True)
    if codes == "duplicate":
        frame.loc[len(frame) - 1, "geometry"] = shapely.box(117.5, 36.9, 117.51, 36.91)
    frame.to_file(file)
    assert [f.code for f in one(file).questions] == [slug]


def test_old_codes_are_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    old = [f"370125001001{n:03d}" for n in range(len(TILES))]
    TILES.assign(code=old).to_file(file)
    loaded = one(file)
    assert found(loaded) == {"code-old": 1}
    assert loaded.frame["code"].str.startswith("370115").all()


def test_a_coordinate_that_is_no_number_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    TILES.to_file(file)
    content = json.loads(file.read_text())
    content["features"][2]["geometry"]["coordinates"][0][1] = [float("nan"), 36.6]
    file.write_text(json.dumps(content))
    assert rows_of(one(file), "geometry-range") == [3]


@pytest.mark.parametrize(
    ("pair", "slug"),
    [
        (("0", "0"), "point-zero"),
        (("36.651234", "117.051234"), "point-swapped"),
        (("13800138000", "36.65"), "point-number"),
        (("117°01'12\"", "36°39'00\""), "point-dms"),
        (("121.4737", "31.2304"), "point-far"),
        (("17.051234", "36.651234"), "point-digits"),
        (("", ""), "point-missing"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_each_slip_of_a_point_is_said(
    tmp_path: Path, pair: tuple[str, str], slug: str, encoding: str
) -> None:
    rng = np.random.default_rng(7)
    lon, lat = (base + rng.uniform(0.001, 0.1, 30).round(6) for base in (117.0, 36.6))
    frame = pd.DataFrame({"名称": "站", "经度": lon.astype("str"), "纬度": lat.astype("str")})
    frame.loc[30] = ["错", *pair]
    file = tmp_path / "a.csv"
    frame.to_csv(file, index=False, encoding=encoding)
    loaded = one(file, "places")
    assert rows_of(loaded, slug) == [31]
    assert len(loaded.frame) == 30
