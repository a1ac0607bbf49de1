"""Light and shade of the land under a map, where the workspace has an elevation of cells."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grid import CRS, analysis_grid
from layers.boundaries import Gazetteer
from layers.catalogue import Layer
from layers.sources import read_raster
from reports.figure.content import Relief

CELLS = 500
"""Cells across the area: smoothed, no finer than paper shows."""
AROUND = 0.7
"""How far beyond the area it reaches, as a share of its extent: to every frame."""
AZIMUTH, ALTITUDE = 315.0, 45.0
"""Degrees: light from the north-west, as maps have it."""
EXAGGERATION = 4.0
"""Of heights: Cambodia is flat."""


def relief_of(layer: Layer, own: gpd.GeoDataFrame, places: Gazetteer) -> Relief | None:
    """The relief of an area from a layer of heights in cells; none where it lies elsewhere.

    Parameters
    ----------
    own
        Communes of the area in any CRS.

    Raises
    ------
    DataError
        When the layer cannot be read.
    """
    metres = own.to_crs(CRS)
    west, south, east, north = metres.total_bounds
    across = max(east - west, north - south)
    cell = round(max(across / CELLS, layer.resolution_m or 30.0))
    around = shapely.box(west, south, east, north).buffer(AROUND * across, join_style="mitre")
    grid = analysis_grid(gpd.GeoDataFrame(geometry=[around], crs=CRS), cell)
    heights = read_raster(layer, grid, places).to_numpy()
    if np.isnan(heights).all():
        return None
    return Relief(hillshade(heights, float(cell)), grid)


def hillshade(heights: NDArray[np.float32], cell: float) -> NDArray[np.float32]:
    """Light on slopes, 0 to 1; NaN where a height is unknown.

    Horn, B. K. P. (1981), Hill shading and the reflectance map, Proceedings of the IEEE 69.

    Parameters
    ----------
    heights
        Metres, rows from north to south.
    cell
        Metres.

    Examples
    --------
    >>> hillshade(np.zeros((3, 3), dtype=np.float32), 30.0)[1, 1].round(3)
    np.float32(0.707)
    """
    down, right = np.gradient(heights.astype(np.float64) * EXAGGERATION, cell)
    zenith, azimuth = np.radians(90.0 - ALTITUDE), np.radians(AZIMUTH)
    slope = np.arctan(np.hypot(right, down))
    # direction of steepest descent, clockwise from north: rows run to the south
    aspect = np.arctan2(-right, down)
    light = np.cos(zenith) * np.cos(slope)
    light += np.sin(zenith) * np.sin(slope) * np.cos(azimuth - aspect)
    shade: NDArray[np.float32] = np.clip(light, 0.0, 1.0).astype(np.float32)
    return shade
