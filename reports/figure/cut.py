"""Cells of an area alone: cut out of a larger raster, no finer than paper shows them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import geometry_mask
from scipy.ndimage import distance_transform_edt

from reports.figure.content import CLEAR, CellField

MOST_ACROSS = 3000
"""Cells along the longer side of an area: 300 an inch on the map of an A4 page."""
_GROWN = 3
"""Cells beyond the area that take the nearest colour: the outline cuts them."""


def inside(steps: NDArray[np.int16], grid: GeoBox, own: gpd.GeoDataFrame) -> CellField:
    """Steps of an area alone, without colours, grown by a few cells under its outline.

    Parameters
    ----------
    steps
        Place of each cell among the colours, shape of ``grid``; ``CLEAR`` is crossed.
    own
        Communes of the area in any CRS.
    """
    zones = own.to_crs(str(grid.crs)).geometry
    rows, columns = _window(grid, zones)
    cut, part = _thinned(steps[rows, columns], grid[rows, columns])
    # an area smaller than a cell has the cells that it touches
    mask = geometry_mask(zones, part.shape, part.transform, invert=True)
    if not mask.any():
        mask = geometry_mask(zones, part.shape, part.transform, all_touched=True, invert=True)
    if not mask.any():
        return CellField(np.full(part.shape, CLEAR, np.int16), part, (), None)
    away, nearest = distance_transform_edt(~mask, return_indices=True)
    grown = cut[nearest[0], nearest[1]]
    kept = np.where(away <= _GROWN, grown, CLEAR).astype(np.int16)
    return CellField(kept, part, (), _clear(grown, away))


def _thinned(steps: NDArray[np.int16], grid: GeoBox) -> tuple[NDArray[np.int16], GeoBox]:
    """Every cell, or of many the middle one of each square: what a page can show.

    >>> fine = GeoBox((7000, 6), Affine.scale(30.0, -30.0), "EPSG:32648")
    >>> cells, grid = _thinned(np.zeros(fine.shape, np.int16), fine)
    >>> cells.shape, grid.resolution.x
    ((2333, 2), 90.0)
    """
    every = -(-max(grid.shape) // MOST_ACROSS)
    if every == 1:
        return steps, grid
    thin = steps[every // 2 :: every, every // 2 :: every]
    return thin, GeoBox(thin.shape, grid.affine * Affine.scale(every), grid.crs)


def _clear(grown: NDArray[np.int16], away: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Cells that the caller left clear: excluded land."""
    crossed: NDArray[np.bool_] = (grown == CLEAR) & (away <= _GROWN)
    return crossed if crossed.any() else None


def _window(grid: GeoBox, zones: gpd.GeoSeries) -> tuple[slice, slice]:
    """Rows and columns of a grid that hold an area, with a rim; one at least."""
    west, south, east, north = zones.total_bounds
    inverse = ~grid.transform
    left, top = inverse * (west, north)
    right, bottom = inverse * (east, south)
    height, width = grid.shape
    return _span(top, bottom, height), _span(left, right, width)


def _span(first: float, last: float, cells: int) -> slice:
    """
    >>> _span(10.2, 12.7, 100), _span(-90.0, -80.0, 100), _span(500.0, 510.0, 100)
    (slice(6, 17, None), slice(0, 1, None), slice(99, 100, None))
    """
    start = min(max(int(first) - _GROWN - 1, 0), cells - 1)
    return slice(start, min(max(int(last) + _GROWN + 2, start + 1), cells))
