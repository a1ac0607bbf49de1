"""Hatch as geometry: parallel lines cut at their polygons, the same on canvas and on paper."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.drawing import DECIMALS, Hatch, collection

SPACING_PX = 5.0
"""Distance of the lines on the screen where a level is drawn at its own zoom."""
MOST_LINES = 6000
_TILE_PX = 256.0


def hatch_levels(
    polygons: gpd.GeoSeries, zooms: Sequence[float], crossed: gpd.GeoSeries | None = None
) -> tuple[Hatch, ...]:
    """Hatch of polygons at several zoom levels, so that lines stay equally far on the screen.

    Levels with more than ``MOST_LINES`` lines are left out: the next coarser one serves them.

    Parameters
    ----------
    polygons
        Unknown places in EPSG:4326, none over another.
    crossed
        Further polygons, hatched both ways.
    """
    levels: list[Hatch] = []
    for zoom in zooms:
        spacing = SPACING_PX * 360.0 / (_TILE_PX * 2.0**zoom)
        lines = [hatch_lines(polygons.to_numpy(), spacing)]
        if crossed is not None:
            lines += [hatch_lines(crossed.to_numpy(), spacing, way) for way in (1, -1)]
        segments = np.concatenate(lines)
        if len(segments) == 0 or (len(segments) > MOST_LINES and levels):
            break
        geometry = {
            "type": "MultiLineString",
            "coordinates": np.round(segments, DECIMALS).tolist(),
        }
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        levels.append(Hatch(zoom, collection([feature])))
    return tuple(levels)


def zooms(places: gpd.GeoDataFrame) -> tuple[float, ...]:
    """Zoom levels for which hatch is made: the one that shows all places, and nearer ones."""
    west, south, east, north = places.total_bounds
    first = np.floor(np.log2(360.0 * 3.2 / max(east - west, north - south)))
    return tuple(float(first + step) for step in range(5))


def hatch_lines(polygons: NDArray[np.object_], spacing: float, way: int = 1) -> NDArray[np.float64]:
    """Segments at 45 degrees, ``spacing`` apart (in units of the polygons), inside them.

    They lie on one family of lines for all polygons, so that neighbours join without a step.
    Where a line crosses an outline it begins or ends (even-odd), so holes stay clear.

    Parameters
    ----------
    polygons
        Polygons or multipolygons, none over another.
    way
        1 for rising lines, -1 for falling ones.

    Returns
    -------
    ndarray
        Shape (segments, 2, 2): both ends of each, x before y.

    Examples
    --------
    >>> hatch_lines(np.array([shapely.box(0, 0, 2, 2)]), 2**0.5 / 2).round(2).tolist()[0]
    [[1.0, 0.0], [2.0, 1.0]]
    """
    starts, ends = _edges(polygons, way)
    step = spacing * 2.0**0.5
    low, high = np.sort(np.stack([starts[:, 1] - starts[:, 0], ends[:, 1] - ends[:, 0]]), axis=0)
    first = np.ceil(low / step).astype(int)
    count = np.ceil(high / step).astype(int) - first
    edge = np.repeat(np.arange(len(starts)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    line = first[edge] + np.arange(len(edge)) - before
    begin = starts[edge, 1] - starts[edge, 0]
    end = ends[edge, 1] - ends[edge, 0]
    share = (line * step - begin) / (end - begin)
    x = starts[edge, 0] + share * (ends[edge, 0] - starts[edge, 0])
    order = np.lexsort((x, line))
    across = np.stack([x, x + line * step], axis=1)[order] * (way, 1)
    pairs: NDArray[np.float64] = across[: len(across) // 2 * 2].reshape(-1, 2, 2)
    return pairs[np.abs(pairs[:, 0, 0] - pairs[:, 1, 0]) > spacing / 20]


def _edges(
    polygons: NDArray[np.object_], way: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both ends of every edge of every ring, mirrored for falling lines."""
    rings = shapely.get_rings(shapely.get_parts(polygons))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = points * (way, 1)
    inner = ring[:-1] == ring[1:]
    return points[:-1][inner], points[1:][inner]
