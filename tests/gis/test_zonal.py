"""Zonal statistics against exact intersection of cells; areas against the ellipsoid."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from odc.geo.geobox import GeoBox
from pyproj import Geod
from shapely import Polygon, box
from shapely.affinity import scale

from gis.errors import BadParameter, GridMismatch, MissingCrs, WrongCrs
from gis.grid import CRS, NO_DATA, OUTSIDE, raster
from gis.zonal import NO_ZONE, class_areas, zonal_statistics, zonal_sums, zone_of_cells

ROWS, COLUMNS, CELL = 8, 11, 100.0


def cells_of(grid: GeoBox) -> np.ndarray:
    left, top = grid.boundingbox.left, grid.boundingbox.top
    return np.array(
        [
            [
                box(left + x * CELL, top - (y + 1) * CELL, left + (x + 1) * CELL, top - y * CELL)
                for x in range(COLUMNS)
            ]
            for y in range(ROWS)
        ]
    )


def random_zones(grid: GeoBox, seed: int) -> gpd.GeoDataFrame:
    """Stars around points in and beside the grid, as large as a cell and as half of it."""
    random = np.random.default_rng(seed)
    bounds = grid.boundingbox
    shapes = []
    for _ in range(5):
        middle = random.uniform([bounds.left, bounds.bottom], [bounds.right, bounds.top])
        angles = np.sort(random.uniform(0, 2 * np.pi, random.integers(3, 9)))
        radii = random.uniform(20, 500, len(angles))
        ring = middle + radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
        shape = shapely.make_valid(Polygon(ring))
        shapes.append(shape if shape.geom_type == "Polygon" else shapely.convex_hull(shape))
    codes = pd.Index([f"{seed}{number}" for number in range(5)], name="code")
    return gpd.GeoDataFrame(geometry=shapes, index=codes[::-1], crs=CRS)


@pytest.mark.parametrize("seed", range(12))
def test_statistics_equal_intersection_of_cells(sketch: SimpleNamespace, seed: int) -> None:
    grid = sketch.grid_of(ROWS, COLUMNS, CELL)
    random = np.random.default_rng(seed)
    values = random.normal(10, 5, (ROWS, COLUMNS)).astype(np.float32)
    values[random.random(values.shape) < 0.15] = np.nan
    zones = random_zones(grid, seed)
    found = zonal_statistics(
        raster(values, grid, "layer", "m"), zones, ("mean", "sum", "count", "min", "max")
    )
    assert found.index.equals(zones.index)
    assert list(found.columns) == ["mean", "sum", "count", "min", "max"]
    cells, known = cells_of(grid), ~np.isnan(values)
    for code, shape in zones.geometry.items():
        share = shapely.area(shapely.intersection(cells, shape)) / CELL**2
        share = np.where(known, share, 0)
        if share.sum() < 1e-6:
            continue
        total = (share * np.nan_to_num(values)).sum()
        row = found.loc[code]
        assert row["count"] == pytest.approx(share.sum(), rel=1e-4, abs=1e-6)
        assert row["sum"] == pytest.approx(total, rel=1e-4, abs=1e-4)
        assert row["mean"] == pytest.approx(total / share.sum(), rel=1e-4)
        assert row["min"] == pytest.approx(values[share > 1e-9].min(), abs=1e-5)
        assert row["max"] == pytest.approx(values[share > 1e-9].max(), abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_several_are_those_of_each(sketch: SimpleNamespace, seed: int) -> None:
    grid = sketch.grid_of(ROWS, COLUMNS, CELL)
    random = np.random.default_rng(seed)
    zones = random_zones(grid, seed)
    zones.loc["nowhere", "geometry"] = None
    rasters = {}
    for name in ("people", "women"):
        values = random.random((ROWS, COLUMNS)).astype(np.float32)
        values[random.random(values.shape) < 0.3] = np.nan
        rasters[name] = raster(values, grid, name, "people")
    for names in (["people"], ["people", "women"], []):
        found = zonal_sums({name: rasters[name] for name in names}, zones)
        assert list(found.columns) == names
        assert found.index.equals(zones.index)
        for name in names:
            alone = zonal_statistics(rasters[name], zones, ("sum",))["sum"]
            pd.testing.assert_series_equal(found[name], alone, check_names=False)
    other = raster(
        np.zeros((ROWS, COLUMNS), np.float32), sketch.grid_of(ROWS, COLUMNS, 50), "x", ""
    )
    with pytest.raises(GridMismatch):
        zonal_sums(rasters | {"x": other}, zones)


@pytest.mark.parametrize("seed", range(12))
def test_class_areas_equal_intersection_and_add_to_the_zone(
    sketch: SimpleNamespace, seed: int
) -> None:
    grid = sketch.grid_of(ROWS, COLUMNS, CELL)
    random = np.random.default_rng(seed)
    codes = random.choice([1, 2, 3, NO_DATA, OUTSIDE], (ROWS, COLUMNS)).astype(np.int16)
    zones = random_zones(grid, seed)
    array = raster(codes, grid, "class", "", classes={1: "a", 2: "b", 3: "c", 4: "never"})
    found = class_areas(array, zones)
    assert found.index.equals(zones.index)
    assert list(found.columns) == [1, 2, 3, 4, "no_data"]
    assert (found[4] == 0).all()
    area = zones.geometry.area / 10_000
    np.testing.assert_allclose(found.sum(axis=1), area, rtol=1e-4)
    cells = cells_of(grid)
    for code, shape in zones.geometry.items():
        hectares = shapely.area(shapely.intersection(cells, shape)) / 10_000
        for name in (1, 2, 3):
            expected = hectares[codes == name].sum()
            assert found.loc[code, name] == pytest.approx(expected, abs=1e-4 * area[code])


def test_zones_without_land_outline_or_data(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(3, 3, CELL)
    inside = box(*grid.boundingbox.bbox)
    zones = gpd.GeoDataFrame(
        geometry=[inside, None, Polygon(), shapely.affinity.translate(inside, 10_000)],
        index=pd.Index(["in", "none", "empty", "out"], name="code"),
        crs=CRS,
    )
    values = raster(np.ones((3, 3), dtype=np.float32), grid, "layer", "1")
    found = zonal_statistics(values, zones, ("mean", "count"))
    assert found["count"].tolist() == [9, 0, 0, 0]
    assert found["mean"].isna().tolist() == [False, True, True, True]
    nothing = raster(np.full((3, 3), NO_DATA), grid, "class", "", classes={})
    areas = class_areas(nothing, zones)
    assert areas["no_data"].tolist() == pytest.approx([9, 0, 0, 9])
    assert class_areas(nothing, zones[zones.index == "none"])["no_data"].tolist() == [0]
    unknown = raster(np.full((3, 3), np.nan, dtype=np.float32), grid, "layer", "1")
    assert zonal_statistics(unknown, zones, ("mean",))["mean"].isna().all()


def test_what_does_not_fit_is_refused(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(3, 3, CELL)
    values = raster(np.ones((3, 3), dtype=np.float32), grid, "layer", "1")
    zones = gpd.GeoDataFrame(geometry=[box(*grid.boundingbox.bbox)], crs=CRS)
    with pytest.raises(BadParameter):
        zonal_statistics(values, zones, ("average",))
    with pytest.raises(WrongCrs):
        zonal_statistics(values, zones.to_crs("EPSG:4326"), ("mean",))
    with pytest.raises(MissingCrs):
        class_areas(values.astype(np.int16), zones.set_crs(None, allow_override=True))


def test_majority_of_classes(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(1, 3, CELL)
    codes = raster(np.array([[2, 2, 5]], dtype=np.int16), grid, "class", "")
    zones = gpd.GeoDataFrame(geometry=[box(*grid.boundingbox.bbox)], crs=CRS)
    assert zonal_statistics(codes, zones, ("majority",))["majority"].tolist() == [2]


@pytest.mark.parametrize(
    ("lon", "lat"), [(103.1, 13.0), (105.0, 14.2), (104.9, 11.5), (102.4, 12.0), (107.5, 13.7)]
)
def test_areas_are_within_0_15_percent_of_geodesic(lon: float, lat: float) -> None:
    shape = scale(box(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05), 1, 0.8)
    zones = gpd.GeoDataFrame(geometry=[shape.segmentize(0.005)], crs="EPSG:4326")
    metres = zones.to_crs(CRS)
    left, bottom, right, top = metres.total_bounds
    grid = GeoBox.from_bbox(
        (left - 500, bottom - 500, right + 500, top + 500), CRS, resolution=250, tight=True
    )
    codes = raster(np.ones(grid.shape, dtype=np.int16), grid, "class", "", classes={1: "a"})
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(zones.geometry[0])[0]) / 10_000
    assert class_areas(codes, metres)[1].iloc[0] == pytest.approx(geodesic, rel=0.0015)


def test_each_cell_belongs_to_the_zone_of_its_centre(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(ROWS, COLUMNS, CELL)
    zones = random_zones(grid, 5)
    found = zone_of_cells(zones, grid)
    centres = shapely.centroid(cells_of(grid))
    for cell in np.ndindex(found.shape):
        holders = [n for n, shape in enumerate(zones.geometry) if shape.contains(centres[cell])]
        assert found[cell] == (holders[0] if holders else NO_ZONE)


def test_a_coverage_gives_no_cell_twice(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(4, 4, CELL)
    left, bottom, right, top = grid.boundingbox.bbox
    # The seam runs through cell centres: each goes to one side, none to both or neither.
    seam = left + 1.5 * CELL
    zones = gpd.GeoDataFrame(
        geometry=[box(left, bottom, seam, top), box(seam, bottom, right, top), None], crs=CRS
    )
    found = zone_of_cells(zones, grid)
    assert set(np.unique(found)) == {0, 1}
    assert (found[:, 0] == 0).all()
    assert (found[:, 2:] == 1).all()
