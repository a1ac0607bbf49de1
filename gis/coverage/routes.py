"""Routes: how much of the way to a place lies off known roads, and how far it can be relied on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Note
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import Places
from gis.coverage.units import Amounts, Units, weighted_mean
from gis.strength import Group

_MOMENT = 1e-6
"""Minutes, next to nothing."""


def off_road_mean(
    units: Units, places: Places, minutes: NDArray[np.float32], off_road: NDArray[np.float32]
) -> Amounts:
    """Mean over the land of the share of the way off known roads; long ways count by their minutes.

    A field beside a base is reached off the road whatever the roads are: it says little of them.

    Parameters
    ----------
    minutes, off_road
        Of each cell of the grid on which the places lie, NaN where no way leads.
    """
    rows, columns = places.cells.T
    share = off_road[rows, columns].astype(np.float64)
    taken = minutes[rows, columns].astype(np.float64)
    cells = Units(units.of_place[places.place], units.count)
    # A base's own cell takes no time, and is reached all the same.
    weight = np.where(np.isnan(taken), 0.0, np.maximum(taken, _MOMENT))
    return weighted_mean(cells, share, weight)


def has_road(places: Places, on_road: NDArray[np.bool_], communes: int) -> NDArray[np.bool_]:
    """Communes in which a known road lies: elsewhere roads are missing from the layer."""
    rows, columns = places.cells.T
    unit = places.unit[places.place]
    found: NDArray[np.bool_] = np.bincount(unit, on_road[rows, columns], minlength=communes) > 0
    return found


def route_strength(
    share: float, road: bool, parameters: CoverageParameters
) -> tuple[Group, tuple[Note, ...]]:
    """How far the way to a commune can be relied on, and why.

    Parameters
    ----------
    share
        Of the way off known roads; NaN where no way was found.
    road
        Whether a known road lies in the commune.
    """
    if np.isnan(share):
        return "too-weak", (Note("coverage.route_none"),)
    values = (("percent", round(100 * share)),)
    if not road:
        return "too-weak", (Note("coverage.route_no_road", values),)
    if share > parameters.weak_off_road:
        return "too-weak", (Note("coverage.route_too_weak", values),)
    if share > parameters.borderline_off_road:
        return "borderline", (Note("coverage.route_borderline", values),)
    return "firm", (Note("coverage.route_firm", values),)
