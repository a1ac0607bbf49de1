"""Scale: round denominators, the ground under a page, a bar whose length is true."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pyproj import Proj, Transformer

from gis.grid import CRS, GEOGRAPHIC
from reports.figure.paper import Box

ROUND = (1.0, 1.2, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.5)
"""Denominators of map series, times a power of ten."""
BAR_MM = 55.0
"""Longest scale bar."""
_STEPS = (1.0, 2.0, 5.0)
_MM = 1000.0

_TO_DEGREES = Transformer.from_crs(CRS, GEOGRAPHIC, always_xy=True)
_PROJECTION = Proj(CRS)


@dataclass(frozen=True)
class MapFrame:
    """A map on the page: where it lies, what ground it shows, at which scale.

    Attributes
    ----------
    box
        The map's rectangle on the page, millimetres.
    denominator
        1 : denominator, true on the ground in the middle of the map.
    middle
        Easting and northing of the middle, metres.
    """

    box: Box
    denominator: float
    middle: tuple[float, float]

    @property
    def metres_per_mm(self) -> float:
        """Metres of the grid under one millimetre of the page."""
        return self.denominator / _MM * grid_scale(*self.middle)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of the grid."""
        half_width = self.box.width / 2 * self.metres_per_mm
        half_height = self.box.height / 2 * self.metres_per_mm
        x, y = self.middle
        return x - half_width, y - half_height, x + half_width, y + half_height

    def on_page(self, easting: float, northing: float) -> tuple[float, float]:
        """Millimetres of a point of the ground."""
        x, y = self.box.middle
        per_mm = self.metres_per_mm
        return x + (easting - self.middle[0]) / per_mm, y + (northing - self.middle[1]) / per_mm

    def on_ground(self, x: float, y: float) -> tuple[float, float]:
        """Metres of a point of the page."""
        middle, per_mm = self.box.middle, self.metres_per_mm
        return (
            self.middle[0] + (x - middle[0]) * per_mm,
            self.middle[1] + (y - middle[1]) * per_mm,
        )


def frame_for(bounds: tuple[float, float, float, float], box: Box, free: float = 0.04) -> MapFrame:
    """The largest round scale at which an area fits a box.

    Parameters
    ----------
    bounds
        West, south, east, north in metres of the grid.
    free
        Share of the box that stays free on each side.
    """
    west, south, east, north = bounds
    middle = ((west + east) / 2, (south + north) / 2)
    room = 1 - 2 * free
    factor = grid_scale(*middle)
    least = max(
        (east - west) / factor / (box.width * room / _MM),
        (north - south) / factor / (box.height * room / _MM),
        100.0,
    )
    return MapFrame(box, round_up(least), middle)


def round_up(denominator: float) -> float:
    """The next round denominator that is not smaller.

    >>> round_up(212_000.0), round_up(250_000.0), round_up(800_000.0)
    (250000.0, 250000.0, 1000000.0)
    """
    power = 10.0 ** math.floor(math.log10(denominator))
    for step in ROUND:
        if step * power >= denominator * (1 - 1e-9):
            return step * power
    return 10 * power


def grid_scale(easting: float, northing: float) -> float:
    """Metres of the grid for one metre of the ground: the point scale factor of UTM 48N."""
    lon, lat = _TO_DEGREES.transform(easting, northing)
    return float(_PROJECTION.get_factors(lon, lat).meridional_scale)


@dataclass(frozen=True)
class ScaleBar:
    """A bar of ``parts`` equal lengths; ``metres`` on the ground, ``millimetres`` on the page."""

    metres: float
    millimetres: float
    parts: int


def scale_bar(frame: MapFrame, longest: float = BAR_MM) -> ScaleBar:
    """The longest bar of a round length that has room."""
    most = longest * frame.denominator / _MM
    power = 10.0 ** math.floor(math.log10(most))
    step = max(step for step in _STEPS if step * power <= most * (1 + 1e-9))
    metres = step * power
    return ScaleBar(metres, metres * _MM / frame.denominator, 4 if step != 5.0 else 5)


def convergence(easting: float, northing: float) -> float:
    """Degrees from true north to grid north, negative where grid north lies west of it.

    Snyder, J. P. (1987), Map projections: a working manual, USGS Professional Paper 1395.
    """
    lon, lat = _TO_DEGREES.transform(easting, northing)
    return float(_PROJECTION.get_factors(lon, lat).meridian_convergence)
