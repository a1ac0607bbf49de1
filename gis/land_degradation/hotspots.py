"""Where degraded land lies close together: squares of the area that stand out from the others."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely import box

from gis.land_degradation.codes import DEGRADED, IMPROVED
from gis.land_degradation.parts import Codes
from gis.terrain import cell_centres
from gis.zonal import SQUARE_METRES

LEAST_Z = 2.58
"""Gi* from which a square is a hot spot: 1 % two-sided, for a hundred squares are asked at once."""
LEAST_KNOWN = 0.25
"""Share of a square that must be land with a known indicator: a working value."""
_ROUNDING = 1e-6
_COLUMNS = ("rank", "code", "name_en", "name_km", "degraded_ha", "known_ha", "share", "z")


@dataclass(frozen=True)
class Squares:
    """Squares of the area, (row, column) from the north-west.

    Attributes
    ----------
    degraded, known
        Hectares; known is degraded, stable or improved.
    left, top
        Corner of the first square in the grid's CRS.
    """

    degraded: NDArray[np.float64]
    known: NDArray[np.float64]
    left: float
    top: float
    side: float


def squares_of(indicator: Codes, inside: NDArray[np.bool_], grid: GeoBox, side: float) -> Squares:
    """Sum the cells of the area into squares; a cell belongs to the square of its centre."""
    eastings, northings = cell_centres(grid)
    left = np.floor(grid.boundingbox.left / side) * side
    top = np.ceil(grid.boundingbox.top / side) * side
    columns = ((eastings - left) // side).astype(np.intp)
    rows = ((top - northings) // side).astype(np.intp)
    shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    place = rows[:, None] * shape[1] + columns[None, :]
    cell = abs(grid.resolution.x * grid.resolution.y) / SQUARE_METRES
    known = inside & (indicator >= DEGRADED) & (indicator <= IMPROVED)
    counts = [
        np.bincount(place[cells], minlength=shape[0] * shape[1]).reshape(shape) * cell
        for cells in (known & (indicator == DEGRADED), known)
    ]
    return Squares(counts[0], counts[1], float(left), float(top), side)


def gi_star(values: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Getis and Ord's Gi* of each square: itself and the eight around it against all.

    Parameters
    ----------
    values
        (row, column).
    known
        Squares that count; the others are neighbours of none.

    Returns
    -------
    array of float64
        z; NaN for squares that do not count, and everywhere when all values are the same.

    References
    ----------
    Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional
    issues and an application. Geographical Analysis 27(4), 286-306.

    Examples
    --------
    >>> values = np.zeros((5, 5))
    >>> values[:2, :2] = 1.0
    >>> gi_star(values, np.ones((5, 5), dtype=bool))[0, :3].round(1)
    array([4.9, 3.8, 1.3])
    """
    number = int(known.sum())
    filled = np.where(known, values, 0.0)
    mean = filled.sum() / max(number, 1)
    deviation = np.sqrt(max((filled**2).sum() / max(number, 1) - mean**2, 0.0))
    near, around = _sum_around(known.astype(float)), _sum_around(filled)
    spread = deviation * np.sqrt(np.maximum(number * near - near**2, 0.0) / max(number - 1, 1))
    # Of equal shares the deviation is rounding only; it would make a z of nothing.
    usable = known & (spread > 0) & (deviation > _ROUNDING)
    z: NDArray[np.float64] = np.full_like(filled, np.nan)
    np.divide(around - mean * near, spread, out=z, where=usable)
    return z


def hot_spots(found: Squares, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Squares with significantly more degraded land in and around them than the area has.

    Returns
    -------
    GeoDataFrame
        ``rank`` (1 has most degraded hectares, of as many the greatest ``z``), ``code``,
        ``name_en``, ``name_km`` (commune that holds most of it), ``degraded_ha``, ``known_ha``,
        ``share`` (degraded of known), ``z``; squares cut to the area.
    """
    whole = found.side**2 / SQUARE_METRES
    counted = found.known >= LEAST_KNOWN * whole
    share = np.divide(found.degraded, found.known, out=np.zeros_like(found.known), where=counted)
    z = gi_star(share, counted)
    rows, columns = np.nonzero(counted & (z >= LEAST_Z) & (found.degraded > 0))
    table = pd.DataFrame(
        {
            "degraded_ha": found.degraded[rows, columns],
            "known_ha": found.known[rows, columns],
            "share": share[rows, columns],
            "z": z[rows, columns],
        }
    )
    left = found.left + columns * found.side
    top = found.top - rows * found.side
    shapes = box(left, top - found.side, left + found.side, top)
    squares = gpd.GeoDataFrame(table, geometry=shapes, crs=communes.crs)
    return _named(squares, communes)


def _named(squares: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if squares.empty:
        return squares.reindex(columns=[*_COLUMNS, "geometry"])
    order = squares.sort_values(["degraded_ha", "z"], ascending=False, kind="stable")
    order = order.reset_index(drop=True).rename_axis(index="square")
    outlines = communes[["name_en", "name_km", "geometry"]].rename_axis(index="code").reset_index()
    pieces = gpd.overlay(order.reset_index(), outlines, how="intersection", keep_geom_type=True)
    largest = pieces.assign(area=pieces.area).sort_values("area", ascending=False)
    names = largest.drop_duplicates("square").set_index("square")[["code", "name_en", "name_km"]]
    cut = pieces.dissolve("square").geometry
    order = order.join(names).set_geometry(cut.reindex(order.index))
    order["rank"] = range(1, len(order) + 1)
    return order[[*_COLUMNS, "geometry"]].reset_index(drop=True)


def _sum_around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over a square and the eight around it; nothing lies beyond the edge."""
    padded = np.pad(values, 1)
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    summed: NDArray[np.float64] = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    return summed
