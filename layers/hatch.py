"""Hatch as geometry: parallel lines cut at their polygon, the same on canvas and on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.drawing import Hatch, collection

SPACING_PX = 5.0
MOST_LINES = 6000
_TILE_PX = 256.0


def hatch_levels(polygons: gpd.GeoSeries, zooms: Sequence[float]) -> tuple[Hatch, ...]:
    """Hatch of polygons at several zoom levels, so that lines stay equally far on the screen.

    Levels with more than ``MOST_LINES`` lines are left out: the next coarser one serves them.

    Parameters
    ----------
    polygons
        Unknown places in EPSG:4326.
    """
    if polygons.empty:
        return ()
    shapes = shapely.union_all(polygons.to_numpy())
    levels: list[Hatch] = []
    for zoom in zooms:
        lines = hatch_lines(shapes, SPACING_PX * 360.0 / (_TILE_PX * 2.0**zoom))
        if len(lines) > MOST_LINES and levels:
            break
        coordinates = np.round(shapely.get_coordinates(lines).reshape(-1, 2, 2), 4).tolist()
        geometry = {"type": "MultiLineString", "coordinates": coordinates}
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        levels.append(Hatch(zoom, collection([feature])))
    return tuple(levels)


def hatch_lines(shape: shapely.Geometry, spacing: float) -> NDArray[np.object_]:
    """Segments at 45 degrees, ``spacing`` apart (in units of the shape), inside the shape.

    They lie on one family of lines for all shapes, so that neighbours join without a step.

    >>> square = shapely.box(0, 0, 1, 1)
    >>> len(hatch_lines(square, math.sqrt(0.5) / 2))
    3
    """
    west, south, east, north = shapely.bounds(shape)
    step = spacing * math.sqrt(2.0)
    first = math.floor((south - east) / step) + 1
    last = math.ceil((north - west) / step)
    intercepts = np.arange(first, last) * step
    ends = np.empty((len(intercepts), 2, 2))
    ends[:, 0, 0], ends[:, 1, 0] = west, east
    ends[:, :, 1] = ends[:, :, 0] + intercepts[:, None]
    shapely.prepare(shape)
    cut = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), shape))
    cut = shapely.get_parts(cut)
    segments: NDArray[np.object_] = cut[shapely.get_type_id(cut) == 1]
    return segments
