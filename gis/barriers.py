"""What stops a machine: rivers and lakes as cells that no route slips through."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import Geometry
from odc.geo.xr import rasterize

from gis.errors import WrongCrs

Cells = NDArray[np.bool_]


def water_cells(water: gpd.GeoDataFrame, grid: GeoBox) -> Cells:
    """Cells of rivers (lines) and of rivers and lakes (polygons): every cell that they touch.

    A piece of water that fits into one cell stops nobody: a machine goes round it.

    Parameters
    ----------
    water
        Lines and polygons in the grid's CRS; points are passed over.

    Returns
    -------
    numpy.ndarray
        bool, shape (y, x). Water that hangs together is 4-connected: no route of 8 or 16
        neighbours passes between two of its cells.

    Raises
    ------
    WrongCrs
        When water and grid differ in CRS.
    """
    require_same_crs(water, grid, "water")
    shapes = parts_of(water)
    kinds = shapely.get_dimensions(shapes)
    areas = shapely.get_parts(shapely.union_all(shapes[kinds == 2]))
    west, south, east, north = shapely.bounds(areas).reshape(-1, 4).T
    wide = np.maximum(east - west, north - south) >= abs(grid.resolution.x)
    lines = shapely.multilinestrings(shapes[kinds == 1])
    burnt = burnt_cells(lines, grid, all_touched=True)
    burnt |= burnt_cells(shapely.union_all(areas[wide]), grid, all_touched=True)
    return without_gaps(burnt)


def without_gaps(cells: Cells) -> Cells:
    """Cells of which no two touch at a corner alone: one cell beside each such corner is added.

    Parameters
    ----------
    cells
        bool, shape (y, x).

    Returns
    -------
    numpy.ndarray
        A superset. Every pair of ``cells`` that touched at a corner alone now has a common
        neighbour; cells that were apart by more may touch at a corner, as land lies between them.

    Examples
    --------
    >>> without_gaps(np.array([[True, False], [False, True]])).astype(int)
    array([[1, 1],
           [0, 1]])
    """
    closed = cells.copy()
    upper_left, upper_right = cells[:-1, :-1], cells[:-1, 1:]
    lower_left, lower_right = cells[1:, :-1], cells[1:, 1:]
    falling = upper_left & lower_right & ~upper_right & ~lower_left
    rising = upper_right & lower_left & ~upper_left & ~lower_right
    closed[:-1, 1:] |= falling
    closed[:-1, :-1] |= rising
    return closed


def burnt_cells(shape: shapely.Geometry, grid: GeoBox, *, all_touched: bool) -> Cells:
    """Cells of a shape: all that it touches, or of lines one cell thin without a gap.

    Thin lines follow Bresenham: their cells touch at sides or corners.
    """
    if shapely.is_empty(shape):
        return np.zeros(grid.shape, dtype=np.bool_)
    burnt: Cells = rasterize(Geometry(shape, grid.crs), grid, all_touched=all_touched).to_numpy()
    return burnt.astype(np.bool_)


def parts_of(features: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Single points, lines and polygons of features, those of collections too."""
    shapes = features.geometry.to_numpy()
    shapes = shapely.get_parts(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])
    # A collection may hold multilines.
    parts: NDArray[np.object_] = shapely.get_parts(shapes)
    return parts


def require_same_crs(features: gpd.GeoDataFrame, grid: GeoBox, name: str) -> None:
    """Check that features lie in the CRS of the grid.

    Raises
    ------
    WrongCrs
        When they do not, or state none.
    """
    if features.crs is None or not features.crs.equals(str(grid.crs)):
        raise WrongCrs(name, str(features.crs), str(grid.crs))
