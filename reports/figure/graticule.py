"""Lines along the frame: the UTM grid in kilometres, and ticks of whole minutes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from gis.grid import CRS, GEOGRAPHIC
from reports.figure.scale import MapFrame

Side: TypeAlias = Literal["left", "right", "bottom", "top"]
LINE_MM = 30.0
"""Least room between two lines of the grid."""
TICK_MM = 38.0
"""Least room between two geographic ticks."""
_KM = (1, 2, 5, 10, 20, 50, 100, 200)
_MINUTES = (1, 2, 3, 6, 10, 12, 15, 20, 30, 60, 120)
_TO_DEGREES = Transformer.from_crs(CRS, GEOGRAPHIC, always_xy=True)
_SAMPLES = 65


@dataclass(frozen=True)
class Tick:
    """A mark on a side of the frame: millimetres along the page axis of that side, and its text."""

    side: Side
    at: float
    text: str


def grid_kilometres(frame: MapFrame) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Eastings and northings, in whole kilometres, at which the grid is drawn."""
    west, south, east, north = frame.extent
    step = grid_step(frame)
    return _multiples(west / 1000, east / 1000, step), _multiples(south / 1000, north / 1000, step)


def grid_step(frame: MapFrame) -> int:
    """Kilometres between two lines of the grid."""
    least = LINE_MM * frame.metres_per_mm / 1000
    return next((km for km in _KM if km >= least), _KM[-1])


def _multiples(low: float, high: float, step: int) -> tuple[int, ...]:
    return tuple(range(math.ceil(low / step) * step, math.floor(high / step) * step + 1, step))


def grid_ticks(frame: MapFrame) -> tuple[Tick, ...]:
    """Kilometres of the grid on the left and along the bottom."""
    eastings, northings = grid_kilometres(frame)
    x, y = frame.middle
    return (
        *(Tick("bottom", frame.on_page(km * 1000.0, y)[0], str(km)) for km in eastings),
        *(Tick("left", frame.on_page(x, km * 1000.0)[1], str(km)) for km in northings),
    )


def geographic_ticks(frame: MapFrame) -> tuple[Tick, ...]:
    """Where meridians cross the top of the frame and parallels its right side."""
    west, south, east, north = frame.extent
    minute = 1855.0 / frame.metres_per_mm
    step = next((item for item in _MINUTES if item * minute >= TICK_MM), _MINUTES[-1])
    along_x, along_y = np.linspace(west, east, _SAMPLES), np.linspace(south, north, _SAMPLES)
    lons = _TO_DEGREES.transform(along_x, np.full(_SAMPLES, north))[0]
    lats = _TO_DEGREES.transform(np.full(_SAMPLES, east), along_y)[1]
    return (
        *_crossings("top", lons, along_x, step, lambda e: frame.on_page(e, north)[0], "EW"),
        *_crossings("right", lats, along_y, step, lambda n: frame.on_page(east, n)[1], "NS"),
    )


def _crossings(
    side: Side,
    degrees: NDArray[np.float64],
    metres: NDArray[np.float64],
    step: int,
    on_page: Callable[[float], float],
    letters: str,
) -> tuple[Tick, ...]:
    """Ticks at whole steps of minutes; degrees rise along the side."""
    found = []
    for minutes in _multiples(degrees[0] * 60, degrees[-1] * 60, step):
        at = float(np.interp(minutes / 60, degrees, metres))
        found.append(Tick(side, on_page(at), degrees_text(minutes, letters)))
    return tuple(found)


def degrees_text(minutes: int, letters: str) -> str:
    """Whole minutes as degrees and minutes.

    >>> degrees_text(6162, "EW"), degrees_text(780, "NS")
    ("102°42'E", "13°00'N")
    """
    degrees, rest = divmod(abs(minutes), 60)
    return f"{degrees}°{rest:02d}'{letters[0] if minutes >= 0 else letters[1]}"
