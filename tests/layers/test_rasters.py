"""Raster files on a grid: windows, overviews, no data, and the name of each fault."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from odc.geo.geobox import GeoBox
from rasterio.enums import Resampling
from rasterio.transform import from_origin

from gis.errors import (
    AllNoData,
    FileMissing,
    FileUnreadable,
    MissingCrs,
    OutsideArea,
    SwappedAxes,
    UnknownClass,
    ValueOutOfRange,
    WrongUnit,
)
from gis.grid import CRS, NO_DATA
from layers.boundaries import Gazetteer
from layers.catalogue import Layer
from layers.sources import check, coverage, read_raster, value_at

MakeLayer = Callable[..., Layer]
MakeRaster = Callable[..., Path]
NAN = math.nan
CORNER = (300_000.0, 1_420_000.0)


def grid(rows: int, columns: int, cell: float, corner: tuple[float, float] = CORNER) -> GeoBox:
    return GeoBox((rows, columns), from_origin(*corner, cell, cell), CRS)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        # the very grid of the file
        (grid(2, 3, 100), [[1, 2, 3], [4, 5, NAN]]),
        # one cell of 200 m = the mean of four, of those that hold a value
        (grid(1, 1, 200), [[3.0]]),
        (grid(1, 1, 200, (300_100.0, 1_420_000.0)), [[10 / 3]]),
        # finer cells repeat their coarse one
        (grid(1, 2, 50), [[1, 1]]),
        # half beside the file, and all of it
        (grid(1, 2, 100, (299_900.0, 1_420_000.0)), [[NAN, 1]]),
        (grid(1, 2, 100, (200_000.0, 1_420_000.0)), [[NAN, NAN]]),
    ],
)
def test_quantities_are_averaged(
    make_raster: MakeRaster,
    layer: MakeLayer,
    places: Gazetteer,
    box: GeoBox,
    expected: list[list[float]],
) -> None:
    path = make_raster([[1, 2, 3], [4, 5, -9999]])
    read = read_raster(layer(path), box, places)
    assert read.dtype == np.float32
    assert read.attrs["units"] == "degree"
    assert read.odc.geobox == box
    np.testing.assert_allclose(read.values, expected, rtol=1e-6)


def test_classes_keep_the_one_most_of_the_cell_has(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_raster([[10, 10, 20], [10, 30, 0]], dtype="int16", nodata=0)
    fertility = layer(path, "fertility", classes={"10": "low", "20": "medium", "30": "high"})
    fine = read_raster(fertility, grid(2, 3, 100), places)
    assert fine.dtype == np.int16
    assert fine.values.tolist() == [[1, 1, 2], [1, 3, NO_DATA]]
    assert fine.attrs["classes"] == (1, 2, 3)
    assert read_raster(fertility, grid(1, 1, 200), places).values.tolist() == [[1]]


def test_classes_in_our_own_codes_need_no_mapping(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_raster([[1, 3]], dtype="uint8", nodata=255)
    assert read_raster(layer(path, "fertility"), grid(1, 2, 100), places).values.tolist() == [
        [1, 3]
    ]


def test_values_are_unscaled_and_nan_is_no_data(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_raster([[10, 20]], dtype="int16", nodata=None)
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.1,), (1.0,)
    read = read_raster(layer(path), grid(1, 2, 100), places)
    np.testing.assert_allclose(read.values, [[2.0, 3.0]], rtol=1e-6)
    bare = make_raster([[NAN, 2.0]], nodata=None, name="nan.tif")
    read = read_raster(layer(bare), grid(1, 1, 200), places)
    np.testing.assert_allclose(read.values, [[2.0]])


def test_degrees_are_warped_onto_metres(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    """A field that grows with longitude by 10 a degree, against the cells' own longitude."""
    cell = 0.01
    longitudes = 103.0 + (np.arange(100) + 0.5) * cell
    values = np.tile((longitudes - 103) * 10, (100, 1))
    path = make_raster(values, crs="EPSG:4326", corner=(103.0, 13.5), cell=cell)
    box = grid(20, 20, 500, (310_000.0, 1_470_000.0))
    read = read_raster(layer(path), box, places)
    x, y = (coordinate.values for coordinate in (read["x"], read["y"]))
    centres = gpd.GeoSeries(gpd.points_from_xy(*(c.ravel() for c in np.meshgrid(x, y))), crs=CRS)
    expected = (centres.to_crs("EPSG:4326").x.to_numpy().reshape(20, 20) - 103) * 10
    np.testing.assert_allclose(read.values, expected, atol=0.06)


def test_a_coarse_grid_reads_the_overview_and_a_fine_one_the_file(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    """The overview is told apart by its value: the file is written over after it was built."""
    path = make_raster(np.full((512, 512), 20.0))
    with rasterio.open(path, "r+") as target:
        target.build_overviews([2, 4, 8], Resampling.average)
        target.write(np.full((512, 512), 10.0, dtype=np.float32), 1)
    assert read_raster(layer(path), grid(8, 8, 6400), places).values.mean() == pytest.approx(20)
    assert read_raster(layer(path), grid(8, 8, 100), places).values.mean() == pytest.approx(10)


def test_a_district_does_not_read_a_national_file(
    tmp_path: Path, layer: MakeLayer, places: Gazetteer
) -> None:
    """A file of 40 GB if it were read whole; only its middle holds values."""
    size, cell, block = 100_000, 5.0, 512
    corner = (0.0, 1_700_000.0)
    path = tmp_path / "national.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=size,
        width=size,
        count=1,
        dtype="float32",
        crs=CRS,
        transform=from_origin(*corner, cell, cell),
        nodata=-9999.0,
        tiled=True,
        blockxsize=block,
        blockysize=block,
        sparse_ok=True,
        bigtiff="YES",
    ) as target:
        window = rasterio.windows.Window(60_000, 60_000, 1024, 1024)
        target.write(np.full((1024, 1024), 7.0, dtype=np.float32), 1, window=window)
    assert path.stat().st_size < 30_000_000
    here = (corner[0] + 60_000 * cell + 500, corner[1] - 60_000 * cell - 500)
    read = read_raster(layer(path), grid(40, 40, 90, here), places)
    assert read.values.min() == read.values.max() == 7.0


@pytest.mark.parametrize(
    ("options", "keys", "fault"),
    [
        ({"crs": None}, {}, MissingCrs),
        ({"unit": "percent"}, {}, WrongUnit),
        ({"values": [[1.0, 120.0]]}, {}, ValueOutOfRange),
        ({"values": [[1.0, -9999.0]], "nodata": None}, {}, ValueOutOfRange),
        ({"values": [[-9999.0, -9999.0]]}, {}, AllNoData),
        ({"crs": "EPSG:4326", "corner": (13.0, 103.5), "cell": 0.1}, {}, SwappedAxes),
        ({"crs": "EPSG:4326", "corner": (2.0, 49.0), "cell": 0.1}, {}, OutsideArea),
        ({"crs": "EPSG:32648", "corner": (300.0, 1420.0), "cell": 0.1}, {}, OutsideArea),
        ({"values": [[1, 9]], "dtype": "int16"}, {"variable": "fertility"}, UnknownClass),
    ],
)
def test_each_fault_has_its_name(
    make_raster: MakeRaster,
    layer: MakeLayer,
    options: dict[str, object],
    keys: dict[str, str],
    fault: type[Exception],
    places: Gazetteer,
) -> None:
    path = make_raster(**({"values": [[1.0, 2.0]]} | options))
    with pytest.raises(fault):
        check(layer(path, **keys), places)


@pytest.mark.parametrize("unit", ["degree", "Degrees", "deg", None])
def test_a_unit_may_be_spelt_otherwise(
    make_raster: MakeRaster, layer: MakeLayer, unit: str | None, places: Gazetteer
) -> None:
    check(layer(make_raster([[1.0, 2.0]], unit=unit)), places)


@pytest.mark.parametrize(
    ("variable", "unit"),
    [("soil_ph", "pH"), ("population", "Persons"), ("soil_carbon", "t/ha"), ("soil_clay", "1")],
)
def test_every_unit_may_stand_in_the_file(
    make_raster: MakeRaster, layer: MakeLayer, variable: str, unit: str, places: Gazetteer
) -> None:
    """pH is not written in small letters."""
    values = [[0.5]] if variable == "soil_clay" else [[5.0]]
    check(layer(make_raster(values, unit=unit), variable), places)


def test_impossible_values_are_not_read_either(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    with pytest.raises(ValueOutOfRange) as error:
        read_raster(layer(make_raster([[1.0, 120.0]])), grid(1, 2, 100), places)
    assert (error.value.highest, error.value.allowed) == (120.0, "0 … 90 degree")


def test_missing_truncated_and_foreign_files(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer, tmp_path: Path
) -> None:
    box = grid(2, 2, 100)
    with pytest.raises(FileMissing):
        read_raster(layer(tmp_path / "none.tif"), box, places)
    path = make_raster(np.ones((300, 300)))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileUnreadable):
        check(layer(path), places)
    text = tmp_path / "text.tif"
    text.write_text("not a raster", encoding="utf-8")
    with pytest.raises(FileUnreadable):
        check(layer(text), places)


def test_value_at_a_point(make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer) -> None:
    path = make_raster([[1, 2], [3, -9999]], crs="EPSG:4326", corner=(103.0, 13.0), cell=0.1)
    slope = layer(path)
    assert value_at(slope, 103.05, 12.95, places) == 1.0
    assert value_at(slope, 103.05, 12.85, places) == 3.0
    assert value_at(slope, 103.15, 12.85, places) is None
    assert value_at(slope, 105.0, 12.85, places) is None
    classes = make_raster([[2]], crs="EPSG:4326", corner=(103.0, 13.0), cell=0.1, name="c.tif")
    found = value_at(layer(classes, "fertility"), 103.05, 12.95, places)
    assert found == 2
    assert isinstance(found, int)


def test_coverage_is_the_share_of_land_that_holds_a_value(
    make_raster: MakeRaster, layer: MakeLayer, places: Gazetteer
) -> None:
    """Of a square of 8 km, the left half holds values, the lower right quarter lies beside."""
    values = np.ones((60, 80))
    values[:, 40:] = -9999
    path = make_raster(values)
    left, top = CORNER
    square = gpd.GeoDataFrame(
        index=["x"], geometry=[shapely.box(left, top - 8000, left + 8000, top)], crs=CRS
    )
    assert coverage(layer(path), square, places) == pytest.approx(0.375, abs=0.01)
    beside = square.translate(xoff=50_000).to_frame("geometry")
    assert coverage(layer(path), beside, places) == 0.0
