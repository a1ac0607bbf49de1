"""The analysis grid: an immutable odc-geo ``GeoBox`` in UTM 48N, and what two grids must share."""

from __future__ import annotations

import math
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from odc.geo.geom import BoundingBox
from odc.geo.xr import ODCExtension, wrap_xr  # noqa: F401  (registers ``.odc``)

from gis.errors import GridMismatch, GridTooLarge, WrongUnit

CRS = "EPSG:32648"
"""WGS 84 / UTM zone 48N: area error at most 0.12 % over Cambodia."""
GEOGRAPHIC = "EPSG:4326"
NO_DATA = np.int16(-32768)
OUTSIDE = np.int16(-32767)
RESOLUTION_M = {"commune": 90.0, "district": 90.0, "province": 250.0, "country": 1000.0}
COARSEST_M = 5000.0
"""Cells wider than this would be larger than most communes."""
MAX_CELLS = 60_000_000
"""An analysis of so many cells takes about 6 GB of memory; more would end a usual computer."""


def analysis_grid(area: gpd.GeoDataFrame, resolution: float) -> GeoBox:
    """Grid over an area, its edges on whole multiples of the cell size.

    Parameters
    ----------
    area
        Polygons in any CRS.
    resolution
        Cell size in metres.

    Raises
    ------
    GridTooLarge
        When the grid would exceed ``MAX_CELLS``.
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
    if rows * columns > MAX_CELLS:
        coarser = math.ceil(resolution * math.sqrt(rows * columns / MAX_CELLS) / 10) * 10.0
        raise GridTooLarge(resolution, rows * columns, coarser)
    return GeoBox.from_bbox(snapped, resolution=resolution, tight=True)


def raster(
    values: np.ndarray, grid: GeoBox, name: str, units: str, **attrs: object
) -> xr.DataArray:
    """Wrap an array of the grid's shape as a ``DataArray`` with ``units`` and no-data stated.

    Float32 arrays carry NaN, int16 arrays carry the codes ``NO_DATA`` and ``OUTSIDE``.
    """
    nodata = float("nan") if values.dtype.kind == "f" else int(NO_DATA)
    array: xr.DataArray = wrap_xr(values, grid, nodata=nodata, units=units, **attrs)
    return array.rename(name)


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
