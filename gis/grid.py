"""The analysis grid: an immutable odc-geo ``GeoBox`` in UTM 48N, and what two grids must share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import BoundingBox
from odc.geo.xr import ODCExtension, wrap_xr  # noqa: F401  (registers ``.odc``)

from gis.errors import GridMismatch, GridTooLarge, WrongCrs, WrongUnit

CRS = "EPSG:32648"
"""WGS 84 / UTM zone 48N: area error at most 0.13 % over Cambodia."""
GEOGRAPHIC = "EPSG:4326"
NO_DATA = np.int16(-32768)
OUTSIDE = np.int16(-32767)
RESOLUTION_M = {"commune": 90.0, "district": 90.0, "province": 250.0, "country": 1000.0}
COARSEST_M = 5000.0
"""Cells wider than this would be larger than most communes."""
_SEMI_MAJOR_M, _SEMI_MINOR_M = 6_378_137.0, 6_356_752.3142
"""Ellipsoid of WGS 84."""
MAX_CELLS = 60_000_000
"""An analysis of so many cells takes about 6 GB of memory; more would end a usual computer."""
MAX_CELLS_IN_BLOCKS = 120_000_000
"""The country at 50 m, for an analysis that works block by block: its results are still held."""


def analysis_grid(area: gpd.GeoDataFrame, resolution: float, most: int = MAX_CELLS) -> GeoBox:
    """Grid over an area, its edges on whole multiples of the cell size.

    Parameters
    ----------
    area
        Polygons in any CRS.
    resolution
        Cell size in metres.
    most
        Cells that the grid may have.

    Raises
    ------
    GridTooLarge
        When it would have more.
    """
    left, bottom, right, top = area.to_crs(CRS).total_bounds
    snapped = BoundingBox(
        math.floor(left / resolution) * resolution,
        math.floor(bottom / resolution) * resolution,
        math.ceil(right / resolution) * resolution,
        math.ceil(top / resolution) * resolution,
        CRS,
    )
    rows = round((snapped.top - snapped.bottom) / resolution)
    columns = round((snapped.right - snapped.left) / resolution)
    if rows * columns > most:
        coarser = _coarser(resolution, rows * columns, most)
        raise GridTooLarge(resolution, rows * columns, coarser)
    return GeoBox.from_bbox(snapped, resolution=resolution, tight=True)


def padded(grid: GeoBox, margin_m: float, most: int = MAX_CELLS) -> GeoBox:
    """A grid with whole cells more on every side, at least as wide as a margin.

    Its cells are those of the grid where both lie: ``rows`` and ``columns`` more on each side.

    Parameters
    ----------
    margin_m
        Metres, 0 or more; 0 leaves the grid as it is.
    most
        Cells that the wider grid may have.

    Raises
    ------
    GridTooLarge
        When it would have more.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = GeoBox((2, 3), Affine(90, 0, 0, 0, -90, 180), CRS)
    >>> padded(grid, 100).shape.yx
    (6, 7)
    """
    cell_x, cell_y = abs(grid.resolution.x), abs(grid.resolution.y)
    across, down = (math.ceil(margin_m / cell) for cell in (cell_x, cell_y))
    if not (across or down):
        return grid
    cells = (grid.shape[0] + 2 * down) * (grid.shape[1] + 2 * across)
    if cells > most:
        raise GridTooLarge(cell_x, cells, _coarser(cell_x, cells, most))
    return grid.pad(across, down)


def _coarser(resolution: float, cells: int, most: int) -> float:
    """A round cell size with which so many cells become few enough."""
    return math.ceil(resolution * math.sqrt(cells / most) / 10) * 10.0


def raster(
    values: Any,
    grid: GeoBox,
    name: str,
    units: str,
    years: Sequence[int] | None = None,
    **attrs: object,
) -> xr.DataArray:
    """Wrap an array of the grid's shape as a ``DataArray`` with ``units`` and no-data stated.

    Float32 arrays carry NaN, int16 arrays carry the codes ``NO_DATA`` and ``OUTSIDE``.

    Parameters
    ----------
    values
        numpy or dask, shape (y, x); with ``years`` (year, y, x).
    years
        Year of each plane of a series; becomes the coordinate ``year``.
    """
    nodata = float("nan") if values.dtype.kind == "f" else int(NO_DATA)
    stated = {"nodata": nodata, "units": units, **attrs}
    if years is None:
        array: xr.DataArray = wrap_xr(values, grid, **stated)
        return array.rename(name)
    array = wrap_xr(values, grid, axis=1, dims=("year", "y", "x"), **stated)
    return array.rename(name).assign_coords(year=list(years))


def require_same_grid(arrays: Iterable[xr.DataArray]) -> GeoBox:
    """The one grid of all arrays.

    Raises
    ------
    GridMismatch
        When two differ in CRS, transform or shape.
    """
    first, *others = arrays
    grid: GeoBox = first.odc.geobox
    for other in others:
        if other.odc.geobox != grid:
            raise GridMismatch(str(first.name), str(other.name))
    return grid


def require_units(array: xr.DataArray, units: str) -> None:
    """Check that an array states the unit.

    Raises
    ------
    WrongUnit
        When it states another or none.
    """
    found = str(array.attrs.get("units", ""))
    if found != units:
        raise WrongUnit(str(array.name), found or "none", units)


def cell_area_m2(lat_min: ArrayLike, lat_max: ArrayLike, width_degrees: float) -> Any:
    """Area of cells between two parallels on the ellipsoid of WGS 84.

    Parameters
    ----------
    lat_min, lat_max
        Lower and upper parallel in degrees, one or an array.
    width_degrees
        Width of a cell in degrees of longitude.

    Returns
    -------
    float or array of float64
        Square metres, 0 or more.

    Notes
    -----
    The area from the equator to a parallel is
    ``pi b^2 [atanh(e sin phi) / e + sin phi / ((1 + e sin phi)(1 - e sin phi))]`` for the whole
    circle of longitude (Snyder 1987, Map projections, USGS professional paper 1395, eq. 3-12); the
    reference implementation calculates the same.

    Examples
    --------
    >>> round(float(cell_area_m2(14.7 - 0.00125, 14.7 + 0.00125, 0.0025)))
    74478
    """
    between = _area_from_equator(lat_max) - _area_from_equator(lat_min)
    return between * (width_degrees / 360.0)


def row_areas_m2(grid: GeoBox) -> NDArray[np.float64]:
    """Area of one cell of each row, in square metres.

    Geodesic for grids in degrees. For grids in metres the area in the projection, which in UTM
    48N differs from the true one by 0.13 % at most over Cambodia.

    Raises
    ------
    WrongCrs
        When the grid is neither in degrees nor in a projection that keeps areas to that extent:
        transverse Mercator and equal-area ones do, Web Mercator is 5.6 % off here.
    """
    rows = int(grid.shape[0])
    if grid.crs is not None and grid.crs.geographic:
        tops = grid.transform.f + grid.transform.e * np.arange(rows + 1)
        north, south = np.maximum(tops[:-1], tops[1:]), np.minimum(tops[:-1], tops[1:])
        found: NDArray[np.float64] = cell_area_m2(south, north, abs(grid.transform.a))
        return found
    if grid.crs is None or not _keeps_areas(grid):
        raise WrongCrs("grid", str(grid.crs), CRS)
    return np.full(rows, abs(grid.transform.a * grid.transform.e))


def _area_from_equator(latitude: ArrayLike) -> Any:
    e = math.sqrt(1 - (_SEMI_MINOR_M / _SEMI_MAJOR_M) ** 2)
    sine = np.sin(np.radians(np.asarray(latitude, dtype=np.float64)))
    bent = np.arctanh(e * sine) / e + sine / ((1 + e * sine) * (1 - e * sine))
    return math.pi * _SEMI_MINOR_M**2 * bent


def _keeps_areas(grid: GeoBox) -> bool:
    projection = grid.crs.proj
    operation = projection.coordinate_operation
    method = operation.method_name if operation is not None else ""
    metres = all(axis.unit_name == "metre" for axis in projection.axis_info)
    return metres and (method == "Transverse Mercator" or "Equal Area" in method)
