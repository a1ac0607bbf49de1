"""Reading layers: onto a grid, near an area, at a point; and how much of an area they cover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.warp import transform_bounds

from gis.errors import AllNoData
from gis.grid import CRS, GEOGRAPHIC, analysis_grid, raster
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, catalogue
from layers.checks import require_in_cambodia
from layers.figures import CommuneFigures, commune_figures, figure_values, read_table
from layers.rasters import bands_of, check_raster, values_at_point
from layers.tiles import ONE_AT_A_TIME, Part, in_tiles, lazily, whole
from layers.vectors import burn, burnt, check_vector, read_near, read_vector, value_of_polygon
from layers.warp import as_classes, read_onto
from layers.workspace import Workspace

COVERAGE_CELLS = 200
"""Cells across an area by which coverage is measured."""
TILE_OF_SHAPES = 2048
"""Cells along a tile on which polygons are drawn: their file is read once a tile."""


def read_raster(
    layer: Layer,
    grid: GeoBox,
    gazetteer: Gazetteer,
    years: Sequence[int] | None = None,
    chunk: int | None = None,
) -> xr.DataArray:
    """A quantity or class layer on the analysis grid.

    Parameters
    ----------
    years
        Years of a series, ascending; by default the newest alone, without a dimension of years.
    chunk
        Cells along a block of a dask array, which is read when it is needed; a multiple of
        ``layers.warp.TILE`` reads no cell twice. By default all is read now. Both have the
        same bits.

    Returns
    -------
    DataArray
        float32 with NaN for a quantity; int16 with ``NO_DATA`` for classes, and the codes of the
        legend in ``attrs["classes"]``. ``attrs["units"]`` is the variable's unit. Dimensions
        (y, x), or (year, y, x) when years are asked for.

    Raises
    ------
    DataError
        The named fault of the file.
    """
    bands = None if years is None else bands_of(layer, years)
    reader = _Reader(layer, grid, gazetteer, bands)
    if chunk is None:
        cells: Any = reader(whole(grid))
    else:
        dtype = np.int16 if layer.kind == "class" else np.float32
        cells = lazily(reader, grid, len(bands or (0,)), dtype, chunk)
    attrs = {"classes": layer.about.codes} if layer.kind == "class" else {}
    if years is None:
        return raster(cells[0], grid, layer.variable, layer.unit, **attrs)
    return raster(cells, grid, layer.variable, layer.unit, years=years, **attrs)


@dataclass(frozen=True, eq=False)
class _Reader:
    """Reads parts of a layer on a grid: float32 quantities or int16 classes, (plane, y, x)."""

    layer: Layer
    grid: GeoBox
    gazetteer: Gazetteer
    bands: list[int] | None

    def __call__(self, part: Part) -> NDArray[Any]:
        values = _cells(self.layer, self.grid, self.gazetteer, self.bands, part)
        return as_classes(values) if self.layer.kind == "class" else values


def _cells(
    layer: Layer,
    grid: GeoBox,
    gazetteer: Gazetteer,
    bands: list[int] | None = None,
    part: Part | None = None,
) -> NDArray[np.float32]:
    """Values on a grid or a part of it, shape (bands, rows, columns)."""
    if layer.geometry == "raster":
        return read_onto(layer, grid, bands, part)

    def drawn(tile: GeoBox) -> NDArray[np.float32]:
        with ONE_AT_A_TIME:
            if layer.geometry == "commune_figures":
                return _commune_cells(layer, tile, gazetteer)[np.newaxis]
            return burnt(layer, tile)[np.newaxis]

    return in_tiles(drawn, grid, part or whole(grid), 1, TILE_OF_SHAPES)


def _commune_cells(layer: Layer, grid: GeoBox, gazetteer: Gazetteer) -> NDArray[np.float32]:
    """Each commune's value in all its cells: no smoothing, a commune figure stays one."""
    bounds = transform_bounds(str(grid.crs), GEOGRAPHIC, *grid.boundingbox, densify_pts=21)
    near = gazetteer.communes.iloc[gazetteer.communes.sindex.query(shapely.box(*bounds))]
    values = figure_values(layer).reindex(near.index).to_numpy(dtype=float)
    return burn(near.to_crs(str(grid.crs)).geometry.to_numpy(), values, grid, np.nan)


def read_features(layer: Layer, area: gpd.GeoDataFrame, margin_m: float = 0.0) -> gpd.GeoDataFrame:
    """Features of a layer in and around an area, in the CRS of analysis grids."""
    return read_near(layer, area, margin_m, CRS)


def read_figures(workspace: Workspace) -> CommuneFigures:
    """Commune figures as reported, with their years."""
    return commune_figures(catalogue(workspace))


def coverage(layer: Layer, area: gpd.GeoDataFrame, gazetteer: Gazetteer) -> float:
    """Share of an area's land, 0 to 1, that a layer tells about.

    A commune whose figure is missing is still told about: its figure is unknown. Of a series the
    newest year counts.

    Parameters
    ----------
    area
        Communes, index = code, in any CRS.
    """
    if layer.geometry == "commune_figures":
        return _share(area, area.index.isin(figure_values(layer).index))
    if layer.extent:
        return _share(area, area.index.isin(gazetteer.communes_within(layer.extent)))
    drawn = layer.about.background is not None and layer.geometry != "raster"
    if layer.kind == "features" or drawn:
        return _share_in_box(layer, area)
    metres = area.to_crs(CRS)
    left, bottom, right, top = metres.total_bounds
    grid = analysis_grid(metres, max((right - left) / COVERAGE_CELLS, (top - bottom) / 200, 1.0))
    values = _cells(layer, grid, gazetteer)[0]
    inside = burn(metres.geometry.to_numpy(), np.ones(len(metres)), grid, 0.0) > 0
    return float((~np.isnan(values[inside])).mean()) if inside.any() else 0.0


def _share(area: gpd.GeoDataFrame, told: NDArray[np.bool_]) -> float:
    hectares = area.to_crs(CRS).area.to_numpy()
    return float(hectares[told].sum() / hectares.sum())


def _share_in_box(layer: Layer, area: gpd.GeoDataFrame) -> float:
    """Share of an area inside the bounds of features that do not say how far they reach."""
    bounds = read_vector(layer.path).to_crs(GEOGRAPHIC).total_bounds
    # Else a file with its axes exchanged would pass for one that lies elsewhere.
    require_in_cambodia(tuple(bounds), pyproj.CRS(GEOGRAPHIC), layer.id)
    box = gpd.GeoSeries([shapely.box(*bounds)], crs=GEOGRAPHIC).segmentize(0.1).to_crs(CRS)
    metres = area.to_crs(CRS)
    return float(metres.intersection(box.iloc[0]).area.sum() / metres.area.sum())


def value_at(layer: Layer, lon: float, lat: float, gazetteer: Gazetteer) -> float | int | None:
    """What a layer tells about a point: a quantity, a class code, ``None`` when unknown.

    Features have no value: ``None``. Of a series it is that of the newest year.
    """
    if layer.geometry == "commune_figures":
        commune = gazetteer.at(lon, lat)
        values = figure_values(layer) if commune else pd.Series(dtype=float)
        value = float(values.get(commune.code, math.nan)) if commune else math.nan
    elif layer.kind == "features":
        return None
    elif layer.geometry == "raster":
        value = float(values_at_point(layer, lon, lat)[0])
    else:
        value = value_of_polygon(layer, lon, lat)
    if math.isnan(value):
        return None
    return int(value) if layer.kind == "class" else value


def series_at(layer: Layer, lon: float, lat: float, gazetteer: Gazetteer) -> pd.Series[float]:
    """What a series tells about a point, year by year.

    Returns
    -------
    Series
        Index ``year``, ascending; float, a class as its code, NaN = unknown.

    Raises
    ------
    DataError
        The named fault of the file.
    """
    if layer.geometry == "raster":
        values = values_at_point(layer, lon, lat, bands_of(layer)).astype(float)
    else:
        value = value_at(layer, lon, lat, gazetteer)
        values = np.array([math.nan if value is None else float(value)])
    return pd.Series(values, index=pd.Index(layer.dated, name="year"), name=layer.variable)


def check(layer: Layer, gazetteer: Gazetteer) -> None:
    """Open a layer and look at all of it.

    Raises
    ------
    DataError
        The named fault.
    UnknownArea
        When it says to cover an area that nobody knows.
    """
    gazetteer.communes_within(layer.extent)
    if layer.kind == "figures":
        read_table(layer.path)
    elif layer.geometry == "commune_figures":
        if figure_values(layer).isna().all():
            raise AllNoData(layer.id, "KH")
    elif layer.geometry == "raster":
        check_raster(layer)
    else:
        check_vector(layer)
