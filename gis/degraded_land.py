"""Degraded land: the indicator of land degradation of its newest period, as need counts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Inputs, Note, silent
from gis.errors import PeriodOutsideData
from gis.grid import NO_DATA
from gis.land_degradation.codes import DEGRADED, WATER
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.parts import PARTS, parts_of
from gis.land_degradation.periods import NEWEST


@dataclass(frozen=True)
class DegradedLand:
    """What the indicator says of each cell, float32.

    Attributes
    ----------
    degraded
        1 degraded, 0 stable or improved, NaN unknown and on water; known beside the area too,
        for a commune has a share of the cells along its edge.
    land
        1 land, 0 water in the first year that is compared: nothing can be said of it.
    """

    degraded: NDArray[np.float32]
    land: NDArray[np.float32]
    notes: tuple[Note, ...]


def degraded_land(
    inputs: Inputs, parameters: LandDegradationParameters, inside: NDArray[np.bool_]
) -> DegradedLand | Note:
    """Degraded land of the newest period; a note instead, where the layers do not tell it.

    Parameters
    ----------
    inputs
        Those of the land degradation analysis.
    inside
        Cells of the area: productivity is compared with the best among them.

    Raises
    ------
    YearsOutOfOrder, GridMismatch, WrongUnit
        As :func:`gis.land_degradation.parts.parts_of`.
    """
    if not set(PARTS.values()) & inputs.rasters.keys():
        return Note("reasons.degradation_absent")
    try:
        parts = parts_of(inputs, parameters, inside, silent, (NEWEST,))
    except PeriodOutsideData as error:
        return Note("reasons.degradation_years", (("period", error.period),))
    newest = parts.periods[NEWEST]
    known = newest.indicator != NO_DATA
    if not (known & inside).any():
        return Note("reasons.degradation_unknown")
    degraded = np.where(known, newest.indicator == DEGRADED, np.nan).astype(np.float32)
    land = np.where(newest.initial == WATER, 0, 1).astype(np.float32)
    return DegradedLand(degraded, land, parts.notes)
