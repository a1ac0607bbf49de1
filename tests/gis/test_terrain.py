"""Slope, its units, and distances on the grid."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from scipy.spatial.distance import cdist

from gis.errors import WrongCrs, WrongUnit
from gis.grid import CRS, raster
from gis.terrain import cell_centres, in_units, nearest_distance, slope


def relief(sketch: SimpleNamespace, height: np.ndarray, units: str = "m") -> xr.DataArray:
    grid = sketch.grid_of(*height.shape, 100.0)
    return raster(height.astype(np.float32), grid, "elevation", units)


def test_slope_of_a_plane_is_its_gradient(sketch: SimpleNamespace) -> None:
    rows, columns = np.mgrid[0:5, 0:6] * 100.0
    found = slope(relief(sketch, 0.03 * columns + 0.04 * rows)).to_numpy()
    # 3 % across and 4 % along make 5 %.
    np.testing.assert_allclose(found[1:-1, 1:-1], np.degrees(np.arctan(0.05)), rtol=1e-4)
    assert np.isnan(found[[0, -1]]).all()
    assert np.isnan(found[:, [0, -1]]).all()


def test_slope_by_hand(sketch: SimpleNamespace) -> None:
    height = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 12]])
    across = ((3 + 2 * 6 + 12) - (1 + 2 * 4 + 7)) / 800
    along = ((7 + 2 * 8 + 12) - (1 + 2 * 2 + 3)) / 800
    found = slope(relief(sketch, height)).to_numpy()
    assert found[1, 1] == pytest.approx(np.degrees(np.arctan(np.hypot(across, along))))


@pytest.mark.parametrize("hole", [(1, 1), (0, 0), (2, 1)])
def test_slope_beside_the_unknown_is_unknown(
    sketch: SimpleNamespace, hole: tuple[int, int]
) -> None:
    height = np.ones((3, 3))
    height[hole] = np.nan
    assert np.isnan(slope(relief(sketch, height)).to_numpy()).all()


def test_slope_needs_metres_and_three_cells(sketch: SimpleNamespace) -> None:
    with pytest.raises(WrongUnit):
        slope(relief(sketch, np.ones((3, 3)), "ft"))
    assert np.isnan(slope(relief(sketch, np.ones((2, 5)))).to_numpy()).all()


@pytest.mark.parametrize(
    ("degree", "percent"), [(0, 0), (1.718358, 3), (2.862405, 5), (5.710593, 10), (45, 100)]
)
def test_degrees_and_percent(sketch: SimpleNamespace, degree: float, percent: float) -> None:
    values = np.array([[degree, np.nan]])
    found = in_units(relief(sketch, values, "degree"), "percent")
    np.testing.assert_allclose(found, [[percent, np.nan]], rtol=1e-5)
    back = in_units(relief(sketch, np.array([[percent, np.nan]]), "percent"), "degree")
    np.testing.assert_allclose(back, values, rtol=1e-5)


def test_other_units_are_refused(sketch: SimpleNamespace) -> None:
    with pytest.raises(WrongUnit):
        in_units(relief(sketch, np.ones((1, 1)), "m"), "percent")


def test_points_are_measured_exactly_and_capped(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(7, 9)
    points = [sketch.place(0.2, 0.9), sketch.place(7.7, 5.1), sketch.place(-2, 3)]
    features = gpd.GeoDataFrame(geometry=points, crs=CRS)
    eastings, northings = cell_centres(grid)
    centres = np.array([(x, y) for y in northings for x in eastings])
    exact = cdist(centres, [(point.x, point.y) for point in points]).min(axis=1).reshape(7, 9)
    found = nearest_distance(features, grid, 2500.0)
    np.testing.assert_allclose(found.to_numpy(), np.minimum(exact, 2500), rtol=1e-6)
    assert found.attrs["units"] == "m"


def test_a_road_is_measured_to_half_a_cell_diagonal_also_from_outside(
    sketch: SimpleNamespace,
) -> None:
    grid = sketch.grid_of(12, 12)
    road = sketch.line((-3, -2), (4, 5), (4, 20))
    found = nearest_distance(gpd.GeoDataFrame(geometry=[road], crs=CRS), grid, 6000.0).to_numpy()
    exact = np.array(
        [[road.distance(sketch.place(x + 0.5, y + 0.5)) for x in range(12)] for y in range(12)]
    )
    assert (np.abs(found - np.minimum(exact, 6000)) <= 1000 * np.sqrt(2) / 2 + 1e-3).all()
    # A road that runs past outside the grid serves the cells beside it.
    past = gpd.GeoDataFrame(geometry=[sketch.line((-1.5, -5), (-1.5, 20))], crs=CRS)
    np.testing.assert_allclose(nearest_distance(past, grid, 6000.0).to_numpy()[:, 0], 2000)


def test_no_feature_is_far(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(3, 3)
    empty = gpd.GeoDataFrame(geometry=[], crs=CRS)
    far = gpd.GeoDataFrame(geometry=[sketch.line((500, 500), (501, 500))], crs=CRS)
    assert (nearest_distance(empty, grid, 3000.0) == 3000).all()
    assert (nearest_distance(far, grid, 3000.0) == 3000).all()


def test_another_crs_is_refused(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(3, 3)
    with pytest.raises(WrongCrs):
        nearest_distance(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), grid, 3000.0)
