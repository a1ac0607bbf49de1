"""What stops a machine: rivers and lakes as cells that no route slips through."""

from __future__ import annotations

from typing import TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import Geometry
from odc.geo.xr import rasterize

from gis.errors import WrongCrs

Cells: TypeAlias = NDArray[np.bool_]
Shapes: TypeAlias = NDArray[np.object_]
_AROUND = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if row or column)


def stopping(water: gpd.GeoDataFrame, grid: GeoBox) -> Shapes:
    """Rivers (lines) and lakes or wide rivers (polygons) that stop a machine.

    Areas that fit into one cell do not: a machine goes round a pond.

    Parameters
    ----------
    water
        Lines and polygons in the grid's CRS; points are passed over.

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
    return np.concatenate([shapes[kinds == 1], areas[wide]])


def water_cells(water: Shapes, grid: GeoBox) -> Cells:
    """Every cell that lines or polygons touch.

    Returns
    -------
    numpy.ndarray
        bool, shape (y, x). Water that hangs together is 4-connected: no route of 8 or 16
        neighbours passes between two of its cells.
    """
    kinds = shapely.get_dimensions(water)
    lines = shapely.MultiLineString(list(water[kinds == 1]))
    areas = shapely.MultiPolygon(list(water[kinds == 2]))
    burnt = burnt_cells(lines, grid, all_touched=True) | burnt_cells(areas, grid, all_touched=True)
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


def without_corners(closed: Cells, water: Cells, roads: Cells) -> Cells:
    """Closed cells with one more beside each corner at which two of them touch alone.

    As :func:`without_gaps`, but roads stay as they are: where the cell to be added holds a road,
    the one across the corner is closed, so that nobody leaves the road there; where both do, the
    road passes. What water closes beside roads is settled by :func:`far_banks` already.

    Parameters
    ----------
    closed, water, roads
        Cells that cannot be passed, those of water among them, and those of open roads; bool,
        shape (y, x).

    Examples
    --------
    >>> steep = np.array([[True, False], [False, True]])
    >>> road = np.array([[False, True], [False, False]])
    >>> without_corners(steep, np.zeros_like(steep), road).astype(int)
    array([[1, 0],
           [1, 1]])
    """
    found = (without_gaps(closed) & ~roads) | closed
    upper_left, upper_right = closed[:-1, :-1], closed[:-1, 1:]
    lower_left, lower_right = closed[1:, :-1], closed[1:, 1:]
    falling = upper_left & lower_right & ~(water[:-1, :-1] & water[1:, 1:])
    rising = upper_right & lower_left & ~(water[:-1, 1:] & water[1:, :-1])
    found[1:, :-1] |= falling & ~lower_left & roads[:-1, 1:] & ~roads[1:, :-1]
    found[1:, 1:] |= rising & ~lower_right & roads[:-1, :-1] & ~roads[1:, 1:]
    return found


def far_banks(water: Shapes, roads: Shapes, crossing: Cells, grid: GeoBox) -> Cells:
    """Cells across the water from a road that runs along it inside the same cells.

    A road is burnt over water, so that it would open the water wherever it runs beside it, and
    not on its bridges alone. With the far bank closed too, nobody leaves such a road over water.

    Parameters
    ----------
    water, roads
        Lines and polygons, lines: single parts.
    crossing
        Cells that hold both, bool, shape (y, x).

    Returns
    -------
    numpy.ndarray
        bool, shape (y, x); may hold cells of roads.
    """
    closed = np.zeros(grid.shape, dtype=np.bool_)
    cells = np.argwhere(crossing)
    if not (len(cells) and len(water) and len(roads)):
        return closed
    near, ways = shapely.STRtree(water), shapely.STRtree(roads)
    cells = cells[~_bridged(cells, water, roads, grid)]
    centres = _centres(cells, grid)
    at, way = ways.query_nearest(centres, all_matches=False)
    cells, beside = cells[at], roads[way]
    here = shapely.get_point(shapely.shortest_line(beside, centres[at]), 0)
    for step in _AROUND:
        there = cells + step
        view = shapely.linestrings(
            np.stack(
                [shapely.get_coordinates(here), shapely.get_coordinates(_centres(there, grid))], 1
            )
        )
        across = np.unique(near.query(view, predicate="intersects")[0])
        rows, columns = there[across].T
        inside = (rows >= 0) & (rows < grid.shape[0]) & (columns >= 0) & (columns < grid.shape[1])
        closed[rows[inside], columns[inside]] = True
    return closed


def _bridged(cells: NDArray[np.intp], water: Shapes, roads: Shapes, grid: GeoBox) -> Cells:
    """Which of the cells hold a place where a road meets water."""
    road, met = shapely.STRtree(water).query(roads, predicate="intersects")
    meetings = shapely.intersection(roads[road], water[met])
    half = abs(grid.resolution.x) / 2
    x, y = shapely.get_coordinates(_centres(cells, grid)).T
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    held = np.zeros(len(cells), dtype=np.bool_)
    held[shapely.STRtree(meetings).query(boxes, predicate="intersects")[0]] = True
    return held


def _centres(cells: NDArray[np.intp], grid: GeoBox) -> Shapes:
    """Points in the middle of cells (row, column), beside the grid too."""
    left, _, _, top = grid.boundingbox
    size = abs(grid.resolution.x)
    points: Shapes = shapely.points(
        left + size * (cells[:, 1] + 0.5), top - size * (cells[:, 0] + 0.5)
    )
    return points


def burnt_cells(shape: shapely.Geometry, grid: GeoBox, *, all_touched: bool) -> Cells:
    """Cells of a shape: all that it touches, or of lines one cell thin without a gap.

    Thin lines follow Bresenham: their cells touch at sides or corners.
    """
    if shapely.is_empty(shape):
        return np.zeros(grid.shape, dtype=np.bool_)
    burnt: Cells = rasterize(Geometry(shape, grid.crs), grid, all_touched=all_touched).to_numpy()
    return burnt.astype(np.bool_)


def parts_of(features: gpd.GeoDataFrame) -> Shapes:
    """Single points, lines and polygons of features, those of collections too."""
    shapes = features.geometry.to_numpy()
    shapes = shapely.get_parts(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])
    # A collection may hold multilines.
    parts: Shapes = shapely.get_parts(shapes)
    return parts


def no_shapes() -> Shapes:
    """Nothing drawn."""
    return np.array([], dtype=np.object_)


def lines_of(features: gpd.GeoDataFrame) -> Shapes:
    """Single lines of features, nothing else."""
    parts = parts_of(features)
    lines: Shapes = parts[shapely.get_dimensions(parts) == 1]
    return lines


def require_same_crs(features: gpd.GeoDataFrame, grid: GeoBox, name: str) -> None:
    """Check that features lie in the CRS of the grid.

    Raises
    ------
    WrongCrs
        When they do not, or state none.
    """
    if features.crs is None or not features.crs.equals(str(grid.crs)):
        raise WrongCrs(name, str(features.crs), str(grid.crs))
