"""How long a machine takes to cross a metre of each cell: roads, land, slope, water, season."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Note
from gis.barriers import (
    Cells,
    Shapes,
    burnt_cells,
    far_banks,
    lines_of,
    no_shapes,
    require_same_crs,
    stopping,
    water_cells,
    without_corners,
    without_gaps,
)
from gis.coverage.machinery import Machinery, SlopeBand
from gis.errors import BadParameter, GridMismatch, UnknownParameter
from gis.parameters import Season

Quantity: TypeAlias = NDArray[np.float32]

MINUTES_PER_METRE = 0.06
"""At 1 km/h."""
LAND = ("tree_covered", "grassland", "cropland", "wetland", "artificial", "other_land", "water")
"""Rows of the seven classes of land cover, codes 1 to 7."""
WATER = "water"
UNKNOWN_LAND = "unknown-land"
OTHER_ROAD = "other-road"
ROAD_CLASS = "road_class"
"""Column of roads that holds their class."""


@dataclass(frozen=True, eq=False)
class Friction:
    """Minutes per metre, and where they come from.

    Attributes
    ----------
    minutes_per_metre
        float32, shape (y, x), NaN = impassable.
    on_road
        Cells of a road that is open in the season.
    barrier
        Cells of water, those under bridges, fords and ferries too, and banks closed with them:
        nobody farms there.
    notes
        What was not known, and what stood in for it.
    """

    minutes_per_metre: Quantity
    on_road: Cells
    barrier: Cells
    notes: tuple[Note, ...] = ()


def friction(
    grid: GeoBox,
    *,
    season: Season,
    machinery: Machinery,
    speeds: Mapping[str, float] | None = None,
    factor: float = 1.0,
    roads: gpd.GeoDataFrame | None = None,
    land_cover: NDArray[np.int16] | None = None,
    slope_percent: Quantity | None = None,
    water: gpd.GeoDataFrame | None = None,
) -> Friction:
    """Friction of a season: land by its cover, water above it, roads above all.

    A speed of 0 is closed: land is impassable, a road is as if it were not there. No way slips
    through a corner at which two impassable cells touch, be they water, closed land or a slope;
    one cell beside it is closed too, though never a road. Where several
    roads meet in a cell the fastest counts. A road across water is a bridge, a ford or (class
    ``ferry``) a ferry, as it is drawn; one that runs beside it opens no way over it.

    Parameters
    ----------
    grid
        In metres.
    speeds
        Key of a row -> km/h in place of the table's.
    factor
        Multiplies every speed.
    roads
        Lines in the grid's CRS with ``road_class``; a class without a row is ``other-road``.
    land_cover
        int16, shape of the grid, codes 1 to 7; every other code, and no raster at all, is
        ``unknown-land``.
    slope_percent
        float32, shape of the grid; NaN, and no raster at all, is taken as flat.
    water
        Lines and polygons in the grid's CRS; they have the speed of the row ``water``, 0.

    Raises
    ------
    UnknownParameter
        When ``speeds`` names no row, or the table lacks ``other-road`` or ``unknown-land``.
    BadParameter
        When a speed is negative or the factor is not above 0.
    GridMismatch
        When a raster has another shape than the grid.
    WrongCrs
        When features and grid differ in CRS.

    References
    ----------
    Ray, N. and Ebener, S. (2008). AccessMod 3.0: computing geographic coverage and accessibility
    to health care services using anisotropic movement of patients. International Journal of
    Health Geographics 7, 63. (Land, barriers and roads are merged in this order; the speeds are
    the table's.)

    Examples
    --------
    >>> from gis.coverage.machinery import Speed
    >>> rows = (("other-road", "road", 12), ("unknown-land", "land", 4))
    >>> table = Machinery(tuple(Speed(key, on, v, v, v, "made up", True) for key, on, v in rows))
    >>> grid = GeoBox.from_bbox((0, 0, 200, 100), "EPSG:32648", resolution=100)
    >>> friction(grid, season="dry", machinery=table).minutes_per_metre
    array([[0.015, 0.015]], dtype=float32)
    """
    table = _in_season(machinery, season, speeds or {}, factor)
    _require_shape(grid, land_cover=land_cover, slope=slope_percent)
    stops = no_shapes() if water is None else stopping(water, grid)
    barrier = _barrier(grid, land_cover, stops)
    on_road, off_road = _slope_parts(machinery.slopes, grid, slope_percent)
    road, ways, unknown = _road_speeds(grid, roads, table)
    road *= on_road
    opened = road > 0
    barrier |= far_banks(stops, ways, barrier & opened, grid) & ~opened
    kmh = _land_speeds(grid, land_cover, table)
    kmh[barrier] = table.land.get(WATER, np.float32(0))
    kmh *= off_road
    kmh[opened] = road[opened]
    minutes = np.full(grid.shape, np.nan, dtype=np.float32)
    np.divide(np.float32(MINUTES_PER_METRE), kmh, out=minutes, where=kmh > 0)
    minutes[without_corners(np.isnan(minutes), barrier, opened)] = np.nan
    notes = (*_absent(roads, land_cover, water), *unknown, *_flat(slope_percent))
    return Friction(minutes, opened, barrier, notes)


@dataclass(frozen=True)
class _Speeds:
    """Speeds of the season by key, km/h."""

    road: Mapping[str, np.float32]
    land: Mapping[str, np.float32]


def _in_season(
    machinery: Machinery, season: Season, speeds: Mapping[str, float], factor: float
) -> _Speeds:
    keys = tuple(row.key for row in machinery.speeds)
    for key in (OTHER_ROAD, UNKNOWN_LAND, *speeds):
        if key not in keys:
            raise UnknownParameter(f"speeds.{key}", tuple(f"speeds.{known}" for known in keys))
    for key, kmh in speeds.items():
        if not 0 <= kmh < np.inf:
            zero = Note("allowed.greater_than_equal", (("ge", "0"),))
            raise BadParameter(f"speeds.{key}", f"{kmh:g}", zero)
    if not 0 < factor < np.inf:
        raise BadParameter("factor", f"{factor:g}", Note("allowed.greater_than", (("gt", "0"),)))
    found: Mapping[str, dict[str, np.float32]] = {"road": {}, "land": {}}
    for row in machinery.speeds:
        kmh = speeds.get(row.key, row.in_season(season))
        found[row.surface][row.key] = np.float32(factor * kmh)
    return _Speeds(**found)


def _require_shape(grid: GeoBox, **rasters: NDArray[Any] | None) -> None:
    for name, values in rasters.items():
        if values is not None and values.shape != tuple(grid.shape):
            raise GridMismatch(name, "grid")


def _barrier(grid: GeoBox, land_cover: NDArray[np.int16] | None, water: Shapes) -> Cells:
    cells = water_cells(water, grid)
    if land_cover is not None:
        cells |= land_cover == LAND.index(WATER) + 1
    return without_gaps(cells)


def _land_speeds(grid: GeoBox, land_cover: NDArray[np.int16] | None, table: _Speeds) -> Quantity:
    unknown = table.land[UNKNOWN_LAND]
    if land_cover is None:
        return np.full(grid.shape, unknown, dtype=np.float32)
    of_code = np.full(1 << 16, unknown, dtype=np.float32)
    for code, key in enumerate(LAND, 1):
        of_code[code] = table.land.get(key, unknown)
    kmh: Quantity = of_code[land_cover.astype(np.int16, copy=False).view(np.uint16)]
    return kmh


def _road_speeds(
    grid: GeoBox, roads: gpd.GeoDataFrame | None, table: _Speeds
) -> tuple[Quantity, Shapes, tuple[Note, ...]]:
    """Speed of the fastest road of each cell, 0 without any; open lines; classes nobody knows."""
    kmh = np.zeros(grid.shape, dtype=np.float32)
    if roads is None or roads.empty:
        return kmh, no_shapes(), ()
    require_same_crs(roads, grid, "roads")
    classes = _classes(roads)
    known = classes.where(classes.isin(list(table.road)), OTHER_ROAD)
    speeds = known.map(table.road).to_numpy(dtype=np.float32)
    lines = {speed: lines_of(roads[speeds == speed]) for speed in np.unique(speeds) if speed > 0}
    for speed, ways in lines.items():
        together = shapely.MultiLineString(list(ways))
        kmh[burnt_cells(together, grid, all_touched=False)] = speed
    missing = tuple(sorted(set(classes[classes != known])))
    notes = (Note("friction.roads_unknown", (("classes", missing),)),) if missing else ()
    return kmh, np.concatenate([no_shapes(), *lines.values()]), notes


def _classes(roads: gpd.GeoDataFrame) -> pd.Series[str]:
    """Class of each road, ``-`` where none is stated."""
    if ROAD_CLASS not in roads:
        return pd.Series("-", index=roads.index)
    stated: pd.Series[str] = roads[ROAD_CLASS].fillna("-").replace("", "-").astype(str)
    return stated


def _slope_parts(
    bands: tuple[SlopeBand, ...], grid: GeoBox, slope_percent: Quantity | None
) -> tuple[Quantity, Quantity]:
    """Parts of the speed that slopes leave, on roads and off them; unknown is flat."""
    if not bands:
        whole = np.ones(grid.shape, dtype=np.float32)
        return whole, whole
    slope = np.zeros(grid.shape, np.float32) if slope_percent is None else slope_percent
    limits = np.array([band.up_to_percent for band in bands[:-1]], dtype=np.float32)
    # What is steeper than the last band has its part.
    place = np.searchsorted(limits, np.nan_to_num(slope), side="left")
    on_road = np.array([band.on_road for band in bands], dtype=np.float32)
    off_road = np.array([band.off_road for band in bands], dtype=np.float32)
    return on_road[place], off_road[place]


def _absent(
    roads: gpd.GeoDataFrame | None,
    land_cover: NDArray[np.int16] | None,
    water: gpd.GeoDataFrame | None,
) -> tuple[Note, ...]:
    """One note for each layer that is not there; an empty one tells that there is nothing."""
    given = {"roads": roads, "land_cover": land_cover, "water": water}
    texts = {
        "roads": "friction.no_roads",
        "land_cover": "friction.no_land_cover",
        "water": "friction.no_water",
    }
    return tuple(Note(texts[name]) for name, layer in given.items() if layer is None)


def _flat(slope_percent: Quantity | None) -> tuple[Note, ...]:
    """How much of the land is taken as flat because nobody knows its slope."""
    share = 1.0 if slope_percent is None else float(np.isnan(slope_percent).mean())
    percent = math.ceil(100 * share)
    return (Note("friction.slope_unknown", (("percent", percent),)),) if percent else ()
