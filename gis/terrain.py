"""Relief and distance on the grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import Geometry
from odc.geo.xr import rasterize
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from gis.errors import WrongCrs, WrongUnit
from gis.grid import raster, require_units
from gis.membership import Scores, quantity


def percent_of_degrees(degrees: Scores) -> Scores:
    """Slope in percent: 45 degrees are 100 %.

    >>> percent_of_degrees(np.array([0.0, 45.0], dtype=np.float32)).round(4)
    array([  0., 100.], dtype=float32)
    """
    percent: Scores = np.float32(100) * np.tan(np.deg2rad(degrees))
    return percent


def degrees_of_percent(percent: Scores) -> Scores:
    """Slope in degrees: 100 % are 45 degrees."""
    degrees: Scores = np.rad2deg(np.arctan(percent / np.float32(100)))
    return degrees


CONVERSIONS: Mapping[tuple[str, str], Callable[[Scores], Scores]] = MappingProxyType(
    {("degree", "percent"): percent_of_degrees, ("percent", "degree"): degrees_of_percent}
)
"""From a unit, to a unit. A pair that is not here is refused."""


def in_units(array: xr.DataArray, units: str) -> Scores:
    """Values of a quantity in a unit.

    Raises
    ------
    WrongUnit
        When the array's unit is another and the table has no conversion.
    """
    found = str(array.attrs.get("units", ""))
    values = quantity(array.to_numpy())
    if found == units:
        return values
    if (found, units) not in CONVERSIONS:
        raise WrongUnit(str(array.name), found or "none", units)
    return CONVERSIONS[found, units](values)


def slope(elevation: xr.DataArray) -> xr.DataArray:
    """Slope in degrees by the third-order finite difference of Horn.

    Parameters
    ----------
    elevation
        Metres, on a grid in metres. A cell with an unknown neighbour, and the outermost ring,
        are unknown.

    References
    ----------
    Horn, B. K. P. (1981). Hill shading and the reflectance map. Proceedings of the IEEE 69(1),
    14-47.
    """
    require_units(elevation, "m")
    grid: GeoBox = elevation.odc.geobox
    height = quantity(elevation.to_numpy())
    if height.shape[0] < 3 or height.shape[1] < 3:
        return raster(np.full_like(height, np.nan), grid, "slope", "degree")
    west, middle, east = height[:, :-2], height[:, 1:-1], height[:, 2:]
    sides = east - west
    rows = west + 2 * middle + east
    across = (sides[:-2] + 2 * sides[1:-1] + sides[2:]) / (8 * abs(grid.resolution.x))
    along = (rows[2:] - rows[:-2]) / (8 * abs(grid.resolution.y))
    # The centre takes no part in the formula; unknown, it is unknown all the same.
    inner = np.rad2deg(np.arctan(np.hypot(across, along))) + 0 * height[1:-1, 1:-1]
    found = np.pad(inner, 1, constant_values=np.nan)
    return raster(found.astype(np.float32), grid, "slope", "degree")


def nearest_distance(
    features: gpd.GeoDataFrame, grid: GeoBox, cap: float, name: str = "distance"
) -> xr.DataArray:
    """Metres from each cell centre to the nearest feature, at most ``cap``.

    Points are measured exactly. Lines and polygons are burnt into the grid first (every cell they
    touch) and measured from cell centre to cell centre: half a cell diagonal off at most.

    Parameters
    ----------
    features
        In the grid's CRS; those beyond the grid count too.
    cap
        What a distance greater than this, or no feature at all, gives.

    Raises
    ------
    WrongCrs
        When features and grid differ in CRS.
    """
    if features.crs is None or not features.crs.equals(str(grid.crs)):
        raise WrongCrs(name, str(features.crs), str(grid.crs))
    shapes = features.geometry[~(features.geometry.isna() | features.geometry.is_empty)]
    if shapes.empty:
        metres = np.full(grid.shape, cap, dtype=np.float32)
    elif (shapes.geom_type == "Point").all():
        metres = _from_points(np.column_stack([shapes.x, shapes.y]), grid, cap)
    else:
        metres = _from_shapes(shapes, grid, cap)
    return raster(metres, grid, name, "m")


def cell_centres(grid: GeoBox) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings of the columns and northings of the rows."""
    return (
        grid.coordinates["x"].values.astype(np.float64),
        grid.coordinates["y"].values.astype(np.float64),
    )


def cells_at(
    points: NDArray[np.float64], grid: GeoBox
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the cell that holds each point; -1, -1 for points beside the grid."""
    left, _, _, top = grid.boundingbox
    cell = abs(grid.resolution.x)
    columns = np.floor((points[:, 0] - left) / cell).astype(np.intp)
    rows = np.floor((top - points[:, 1]) / cell).astype(np.intp)
    height, width = grid.shape
    beside = (rows < 0) | (rows >= height) | (columns < 0) | (columns >= width)
    return np.where(beside, -1, rows), np.where(beside, -1, columns)


def _from_points(points: NDArray[np.float64], grid: GeoBox, cap: float) -> Scores:
    eastings, northings = cell_centres(grid)
    tree = cKDTree(points)
    metres = np.empty(grid.shape, dtype=np.float32)
    for row, northing in enumerate(northings):
        line = np.column_stack([eastings, np.full_like(eastings, northing)])
        metres[row] = np.minimum(tree.query(line, distance_upper_bound=cap)[0], cap)
    return metres


def _from_shapes(shapes: gpd.GeoSeries, grid: GeoBox, cap: float) -> Scores:
    cell = abs(grid.resolution.x)
    margin = int(np.ceil(cap / cell)) + 1
    wide = grid.pad(margin)
    burnt = rasterize(Geometry(shapes.union_all(), grid.crs), wide, all_touched=True).to_numpy()
    if not burnt.any():
        return np.full(grid.shape, cap, dtype=np.float32)
    metres = distance_transform_edt(~burnt.astype(bool), sampling=cell)
    inner: Scores = metres[margin:-margin, margin:-margin].clip(max=cap).astype(np.float32)
    return inner
