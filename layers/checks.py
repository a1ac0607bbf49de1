"""What every source must hold before its values are believed."""

from __future__ import annotations

import math
from collections.abc import Collection

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.warp import transform_bounds

from gis.errors import (
    InvalidGeometry,
    MissingCrs,
    OutsideArea,
    SwappedAxes,
    UnknownClass,
    ValueOutOfRange,
    WrongUnit,
)
from gis.grid import GEOGRAPHIC
from layers.layer import Layer, Variable

CAMBODIA = shapely.box(102.1, 9.8, 107.8, 14.8)
"""Bounds of the country and its sea, in degrees."""

SPELLINGS_OF_UNITS = {
    "m": ("m", "metre", "metres", "meter", "meters"),
    "degree": ("degree", "degrees", "deg", "°"),
    "1": ("1", "share", "fraction", "ratio"),
    "t/ha": ("t/ha", "t ha-1", "tonnes per hectare"),
    "pH": ("ph",),
    "people": ("people", "persons", "inhabitants", "count"),
}


def require_crs(crs: object, source: str) -> CRS:
    """The coordinate system that a source states.

    Raises
    ------
    MissingCrs
        When it states none.
    """
    if not crs:
        raise MissingCrs(source)
    return CRS.from_user_input(crs)


def require_unit(stated: str | None, layer: Layer, source: str) -> None:
    """A unit written in the file itself, compared with the layer's.

    Raises
    ------
    WrongUnit
        When the file says another.
    """
    known = SPELLINGS_OF_UNITS.get(layer.unit, (layer.unit,))
    if stated and stated.strip().casefold() not in known:
        raise WrongUnit(source, stated, layer.unit or "none")


def require_in_cambodia(bounds: tuple[float, float, float, float], crs: CRS, source: str) -> None:
    """Check that a source touches the country.

    Raises
    ------
    SwappedAxes
        When it would with its two axes exchanged.
    OutsideArea
        When it does not.
    """
    if _touches(bounds, crs):
        return
    left, bottom, right, top = bounds
    if _touches((bottom, left, top, right), crs):
        raise SwappedAxes(source)
    raise OutsideArea(source, "KH")


def _touches(bounds: tuple[float, float, float, float], crs: CRS) -> bool:
    try:
        degrees = transform_bounds(crs.to_wkt(), GEOGRAPHIC, *bounds)
    except Exception:  # PROJ refuses coordinates that its projection cannot hold
        return False
    return bool(np.isfinite(degrees).all()) and bool(shapely.box(*degrees).intersects(CAMBODIA))


def require_range(values: NDArray[np.floating], variable: Variable, source: str) -> None:
    """Check that values can be of the variable's unit; NaN is not a value.

    Raises
    ------
    ValueOutOfRange
    """
    if variable.range is None or np.isnan(values).all():
        return
    lowest, highest = float(np.nanmin(values)), float(np.nanmax(values))
    low, high = variable.range
    if lowest < low or highest > high:
        allowed = f"{low:g} … {high:g} {variable.unit}".removesuffix(" 1")
        raise ValueOutOfRange(source, lowest, highest, allowed)


def require_classes(found: Collection[str], layer: Layer, source: str) -> None:
    """Check that the legend names every class of a source.

    Raises
    ------
    UnknownClass
    """
    unknown = tuple(sorted(set(found) - layer.code_of.keys()))
    if unknown:
        raise UnknownClass(source, unknown, tuple(layer.code_of))


def mended(frame: gpd.GeoDataFrame, source: str) -> gpd.GeoDataFrame:
    """Geometries made valid where that moves nothing.

    A ring that touches itself in a point encloses the same ground once it is written as several
    rings; one that crosses itself does not say what it encloses and is refused.

    Raises
    ------
    InvalidGeometry
        With the number of the feature and the place of the fault.
    """
    shapes = frame.geometry.to_numpy().copy()
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if not len(broken):
        return frame
    repaired = shapely.make_valid(shapes[broken], method="structure")
    reasons = shapely.is_valid_reason(shapes[broken])
    areas = shapely.area(shapes[broken]), shapely.area(repaired)
    for number, reason, before, after in zip(broken, reasons, *areas, strict=True):
        touches = reason.startswith("Ring Self-intersection")
        if not touches or not math.isclose(before, after, rel_tol=1e-6):
            raise InvalidGeometry(source, str(number + 1), reason)
    shapes[broken] = repaired
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
