"""State of productivity: where the recent years stand among those of the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.grid import NO_DATA
from gis.land_degradation.productivity_kernel import class_change, mean_of, score_of_means
from gis.land_degradation.series import Series, stack, within

LEAST_CHANGE = 0.01
"""Difference of two means of the index up to which the state is unchanged."""

_ROUNDING = 1e-6
"""What means of float32 values may lose: a difference of exactly the least one is still none, and
a mean on a decile lies below it."""


def period_mean(series: Series, years: Sequence[int], first: int, last: int) -> NDArray[np.float32]:
    """Mean of the index over the years ``first`` to ``last``; NaN where one is missing.

    Raises
    ------
    PeriodOutsideData
        When the series lacks years of the period.
    YearsOutOfOrder, ValueError

    Examples
    --------
    >>> period_mean(np.float32([[0.4], [0.5], [0.9]]), (2000, 2001, 2002), 2000, 2001)
    array([0.45], dtype=float32)
    """
    planes, stated = stack(series, years)
    mean = np.empty(planes.shape[1], dtype=np.float32)
    mean_of(within(planes, stated, (first, last)), mean)
    return mean.reshape(series.shape[1:])


def state(
    series: Series,
    years: Sequence[int],
    baseline: tuple[int, int] = (2000, 2012),
    recent: tuple[int, int] = (2013, 2015),
) -> NDArray[np.int16]:
    """Change of percentile class between two periods.

    Parameters
    ----------
    series
        Annual vegetation index (year, ...), float, in index units; NaN = unknown.
    years
        The year of each plane, ascending.
    baseline, recent
        First and last year of each period; every year of both must be there.

    Returns
    -------
    array of int16
        -9..9; 0 where the means differ by at most 0.01; ``NO_DATA`` where a year is missing.

    Raises
    ------
    PeriodOutsideData
        When the series lacks years of a period.
    YearsOutOfOrder
    ValueError

    Notes
    -----
    After ``productivity_state`` of Trends.Earth. The baseline's values, one 5 % of their range
    below the least and one 5 % above the greatest give nine deciles (linear between values; the
    reference leaves that to Earth Engine), hence classes 1 (up to the first) to 10 (above the
    ninth).

    Examples
    --------
    >>> series = np.float32([*np.linspace(0.4, 0.52, 13), 0.6, 0.6, 0.6]).reshape(16, 1)
    >>> state(series, range(2000, 2016))
    array([5], dtype=int16)
    """
    early, late = _periods(series, years, baseline, recent)
    change = np.empty(early.shape[1], dtype=np.int16)
    class_change(early, late, LEAST_CHANGE, _ROUNDING, change)
    return change.reshape(series.shape[1:])


def state_z(
    series: Series,
    years: Sequence[int],
    baseline: tuple[int, int] = (2000, 2012),
    recent: tuple[int, int] = (2013, 2015),
) -> NDArray[np.float32]:
    """How far the recent mean lies from the baseline's, in standard errors.

    Parameters
    ----------
    series, years, baseline, recent
        As in :func:`state`.

    Returns
    -------
    array of float32
        z = (recent mean - baseline mean) / (s / sqrt(recent years)), s the standard deviation of
        the baseline's years (divided by their number). Infinite where land that never changed
        in the baseline does, NaN where a year is missing.

    Raises
    ------
    PeriodOutsideData, YearsOutOfOrder, ValueError

    Notes
    -----
    Good Practice Guidance, SDG indicator 15.3.1, version 2 (UNCCD 2021), state; the formula as
    FAO's SEPAL prints it (sepal-contrib/sdg_15.3.1).
    """
    early, late = _periods(series, years, baseline, recent)
    z = np.empty(early.shape[1], dtype=np.float32)
    score_of_means(early, late, z)
    return z.reshape(series.shape[1:])


def z_degradation(z: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """A z beyond 1.96 as decline (-1) or gain (1), else 0; NaN -> ``NO_DATA``.

    >>> z_degradation(np.float32([-2, 1.96, 2, np.nan]))
    array([    -1,      0,      1, -32768], dtype=int16)
    """
    limit = np.float32(1.96)
    codes = (z > limit).astype(np.int16) - (z < -limit).astype(np.int16)
    return np.where(np.isnan(z), NO_DATA, codes)


def _periods(
    series: Series, years: Sequence[int], baseline: tuple[int, int], recent: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    planes, stated = stack(series, years)
    return within(planes, stated, baseline), within(planes, stated, recent)
