"""What lies inside polygons: statistics and areas of classes, by exact shares of cells.

A cell counts with the share of it that a polygon covers (Baston, exactextract), not by its
centre: with centres a small commune is up to 40 % off in area.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize, shapes
from shapely import MultiPolygon
from shapely.geometry import shape

from gis.errors import BadParameter, MissingCrs, WrongCrs
from gis.grid import NO_DATA, OUTSIDE, require_same_grid

SQUARE_METRES = 10_000.0
"""In a hectare."""

STATISTICS = ("count", "mean", "sum", "min", "max", "median", "stdev", "variance")
CLASS_STATISTICS = ("count", "majority", "minority", "variety", "min", "max")
NO_ZONE = np.int32(-1)


def zonal_statistics(
    raster: xr.DataArray, zones: gpd.GeoDataFrame, statistics: tuple[str, ...]
) -> pd.DataFrame:
    """Statistics of a raster inside each zone, cells weighted by the share a zone covers.

    Parameters
    ----------
    raster
        A quantity (float, NaN = unknown) or a class (int16) raster.
    zones
        Polygons in the raster's CRS; any index.
    statistics
        Out of ``STATISTICS`` for quantities, ``CLASS_STATISTICS`` for classes. ``count`` is the
        number of cells with a value, as a sum of shares.

    Returns
    -------
    DataFrame
        One row a zone, index of ``zones``; one column a statistic, NaN where nothing is known.

    Raises
    ------
    BadParameter
        When a statistic is none of those.
    MissingCrs, WrongCrs
        When the zones have no CRS or another than the raster.
    """
    known = STATISTICS if raster.dtype.kind == "f" else CLASS_STATISTICS
    for statistic in statistics:
        if statistic not in known:
            raise BadParameter("statistics", statistic, ", ".join(known))
    _require_same_crs(raster, zones)
    filled = _with_area(zones)
    table = pd.DataFrame(np.nan, index=zones.index, columns=list(statistics))
    if "count" in statistics:
        table["count"] = 0.0
    if filled.any():
        found = exact_extract(
            _source(raster), _frame(zones[filled]), list(statistics), output="pandas"
        )
        table.loc[filled] = found[list(statistics)].to_numpy(dtype=float)
    return table


def zonal_sums(rasters: Mapping[str, xr.DataArray], zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sum of each of several quantities inside each zone; the zones are cut out once for all.

    Parameters
    ----------
    rasters
        Name -> quantity (float, NaN = unknown), all on one grid.
    zones
        Polygons in the grid's CRS; any index.

    Returns
    -------
    DataFrame
        One row a zone, index of ``zones``; one column a quantity, NaN where nothing is known.

    Raises
    ------
    GridMismatch, MissingCrs, WrongCrs
        When two rasters differ in grid, or the zones have no CRS or another.
    """
    table = pd.DataFrame(np.nan, index=zones.index, columns=list(rasters))
    if not rasters:
        return table
    require_same_grid(rasters.values())
    _require_same_crs(next(iter(rasters.values())), zones)
    filled = _with_area(zones)
    if filled.any():
        sources = [_source(array, f"band{place}") for place, array in enumerate(rasters.values())]
        found = exact_extract(sources, _frame(zones[filled]), ["sum"], output="pandas")
        # Of one source alone the column has no name before the statistic.
        table.loc[filled] = found.to_numpy(dtype=float)
    return table


def class_areas(raster: xr.DataArray, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Hectares of each class inside each zone.

    Parameters
    ----------
    raster
        Classes as int16. Its ``classes`` attribute names the codes to expect; others that occur
        get a column too.
    zones
        Polygons in the raster's CRS; any index.

    Returns
    -------
    DataFrame
        One row a zone, index of ``zones``; one column a class code (int) and ``no_data``, which
        holds cells without a class and whatever of the zone lies outside the raster: a row adds
        to the zone's area in the raster's CRS.

    Raises
    ------
    MissingCrs, WrongCrs
        When the zones have no CRS or another than the raster.
    """
    _require_same_crs(raster, zones)
    filled = _with_area(zones)
    area = pd.Series(zones.geometry.area.to_numpy() / SQUARE_METRES, index=zones.index).fillna(0.0)
    counted = _class_shares(raster, zones[filled]) if filled.any() else []
    codes = {int(code) for code in raster.attrs.get("classes", {})}
    codes |= {code for row in counted for code in row}
    table = pd.DataFrame(0.0, index=zones.index, columns=sorted(codes))
    grid: GeoBox = raster.odc.geobox
    cell = abs(grid.resolution.x * grid.resolution.y) / SQUARE_METRES
    rows = [[row.get(code, 0.0) * cell for code in sorted(codes)] for row in counted]
    if rows and codes:
        table.loc[filled] = np.array(rows)
    # Shares are float32: what they leave of a fully covered zone is rounding, not unknown land.
    rest = area - table.sum(axis=1)
    return table.assign(no_data=rest.where(rest > area * 1e-6, 0.0))


def zone_of_cells(zones: gpd.GeoDataFrame, grid: GeoBox) -> NDArray[np.int32]:
    """For each cell the position of the zone that holds its centre, else ``NO_ZONE``.

    Where zones overlap the first one holds the cell.
    """
    shapes = [
        (shape, position)
        for position, shape in enumerate(zones.geometry)
        if shape is not None and not shape.is_empty
    ]
    if not shapes:
        return np.full(grid.shape, NO_ZONE, dtype=np.int32)
    # What is burnt last stays: the first zone goes last.
    found: NDArray[np.int32] = rasterize(
        reversed(shapes),
        out_shape=grid.shape,
        transform=grid.transform,
        fill=int(NO_ZONE),
        dtype="int32",
    )
    return found


def outlines(codes: NDArray[np.uint8], held: NDArray[np.bool_], grid: GeoBox) -> dict[int, Any]:
    """Outline of the cells of each code, in order; cells that are not ``held`` have none.

    >>> from affine import Affine
    >>> grid = GeoBox((1, 3), Affine(10, 0, 0, 0, -10, 10), "EPSG:32648")
    >>> codes = np.array([[4, 4, 7]], dtype=np.uint8)
    >>> {code: part.area for code, part in outlines(codes, codes > 0, grid).items()}
    {4: 200.0, 7: 100.0}
    """
    parts: dict[int, list[Any]] = {}
    for outline, code in shapes(codes, mask=held, transform=grid.transform):
        parts.setdefault(int(code), []).append(shape(outline))
    return {code: MultiPolygon(parts[code]) for code in sorted(parts)}


def _require_same_crs(raster: xr.DataArray, zones: gpd.GeoDataFrame) -> None:
    grid: GeoBox = raster.odc.geobox
    if zones.crs is None:
        raise MissingCrs("zones")
    if not zones.crs.equals(str(grid.crs)):
        raise WrongCrs("zones", str(zones.crs), str(grid.crs))


def _with_area(zones: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """True for zones that have an outline."""
    empty = zones.geometry.isna() | zones.geometry.is_empty
    return ~np.asarray(empty, dtype=np.bool_)


def _frame(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=zones.geometry.reset_index(drop=True))


def _source(raster: xr.DataArray, name: str = "") -> NumPyRasterSource:
    grid: GeoBox = raster.odc.geobox
    values = raster.to_numpy()
    if values.dtype.kind == "f":
        nodata: Any = None
    else:
        nodata = int(NO_DATA)
        values = np.where(values == OUTSIDE, NO_DATA, values)
    box = grid.boundingbox
    return NumPyRasterSource(
        values,
        box.left,
        box.bottom,
        box.right,
        box.top,
        nodata=nodata,
        name=name,
        srs_wkt=grid.crs.to_wkt(),
    )


def _class_shares(raster: xr.DataArray, zones: gpd.GeoDataFrame) -> list[dict[int, float]]:
    """For each zone: class code -> cells covered, as a sum of shares."""
    found = exact_extract(_source(raster), _frame(zones), ["unique", "frac", "count"])
    rows = []
    for feature in found:
        values = feature["properties"]
        codes = np.asarray(values["unique"], dtype=int).tolist()
        shares = np.asarray(values["frac"], dtype=float) * float(values["count"])
        rows.append(dict(zip(codes, shares.tolist(), strict=True)))
    return rows
